namespace Gateway.Adapters.Modbus;

/// <summary>One connection to a host, plain or secured. One task reads and writes.</summary>
internal interface IHostConnection : IDisposable
{
    /// <inheritdoc cref="IModbusLink.Blocks"/>
    static virtual bool Blocks => false;

    /// <returns>Bytes that came; 0: the other end has closed.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The deadline is over, or the owner has cancelled.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, TransactionDeadline deadline);

    /// <summary>Sends all of it.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The deadline is over, or the owner has cancelled.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, TransactionDeadline deadline);

    /// <summary>Whether the other end has closed it, as far as can be told without sending anything.</summary>
    bool HasEnded();
}
