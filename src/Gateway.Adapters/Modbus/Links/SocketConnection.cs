using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>A plain TCP connection that is waited for without a thread.</summary>
internal sealed class SocketConnection(Socket socket) : IAsyncConnection
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) => socket.ReceiveAsync(buffer, SocketFlags.None, cancellation);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
        }
    }

    /// <summary>Readable with nothing to read is the end of the stream, or a reset.</summary>
    public bool HasEnded() => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;

    /// <summary>The same bytes as a stream, which owns the connection.</summary>
    public NetworkStream AsStream() => new(socket, ownsSocket: true);

    public void Dispose() => socket.Dispose();
}
