namespace Gateway.Adapters.Modbus;

/// <summary>A connection that is waited for without a thread, until a token says otherwise.</summary>
internal interface IAsyncConnection : IHostConnection
{
    /// <inheritdoc cref="IHostConnection.ReceiveAsync"/>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <inheritdoc cref="IHostConnection.SendAsync"/>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    ValueTask<int> IHostConnection.ReceiveAsync(Memory<byte> buffer, TransactionDeadline deadline) => ReceiveAsync(buffer, deadline.Token);

    ValueTask IHostConnection.SendAsync(ReadOnlyMemory<byte> bytes, TransactionDeadline deadline) => SendAsync(bytes, deadline.Token);
}
