namespace Gateway.Adapters.Modbus;

/// <summary>Makes connections to hosts: plain, or secured.</summary>
internal interface IHostDialer<TConnection>
    where TConnection : class, IDisposable
{
    /// <returns>The connection, or why there is none.</returns>
    ValueTask<(TConnection? Connection, LineFault? Fault)> ConnectAsync(string host, int port, CancellationToken cancellation);

    /// <summary>The same while the caller goes on with something else.</summary>
    Task<(TConnection? Connection, LineFault? Fault)> ConnectAsideAsync(string host, int port, CancellationToken cancellation) => ConnectAsync(host, port, cancellation).AsTask();
}
