using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>Stands in for systemd's end of sd_notify(3).</summary>
internal sealed class NotifySocket : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private readonly Task _receiving;

    public NotifySocket(TempFolder folder)
    {
        Path = folder.Of("notify");
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        _receiving = ReceiveAsync();
    }

    public string Path { get; }

    /// <summary>The next datagram that contains the text; those before it are gone.</summary>
    public async Task<string> WaitForAsync(string part)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var message = await _messages.Reader.ReadAsync(patience.Token);
            if (message.Contains(part, StringComparison.Ordinal))
            {
                return message;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        var datagram = new byte[64 << 10];
        try
        {
            while (true)
            {
                _messages.Writer.TryWrite(Encoding.UTF8.GetString(datagram, 0, await _socket.ReceiveAsync(datagram)));
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
        catch (ObjectDisposedException)
        {
            // Disposed between two calls.
        }
    }
}
