namespace Gateway.Adapters.Modbus;

/// <summary>Makes connections to hosts: plain, or secured.</summary>
internal interface IHostDialer<TConnection>
    where TConnection : class, IHostConnection
{
    /// <returns>The connection, or why there is none.</returns>
    ValueTask<(TConnection? Connection, LineFault? Fault)> ConnectAsync(string host, int port, CancellationToken cancellation);
}
