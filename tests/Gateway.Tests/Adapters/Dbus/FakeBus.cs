using System.Net.Sockets;
using System.Text;
using Gateway.Adapters.Dbus;

namespace Gateway.Tests.Adapters.Dbus;

/// <summary>The other end of one connection: answers the greeting and Hello, then does what the test says.</summary>
internal sealed class FakeBus : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly MessageBuffer _buffer = new();
    private Socket? _peer;
    private uint _serial;

    public FakeBus()
    {
        var name = $"edge-gateway-test-{Guid.NewGuid():N}";
        _listener.Bind(new UnixDomainSocketEndPoint('\0' + name));
        _listener.Listen();
        Address = $"unix:abstract={name}";
    }

    public string Address { get; }

    /// <summary>Accepts, with this for an answer to the greeting; and Hello after an OK.</summary>
    public async Task AcceptAsync(string answer = "DATA\r\nOK 0123456789abcdef\r\n")
    {
        _peer = await _listener.AcceptAsync();
        await ReadUntilAsync("DATA\r\n");
        await SendAsync(Encoding.ASCII.GetBytes(answer));
        if (answer.Contains("OK", StringComparison.Ordinal))
        {
            await ReadUntilAsync("BEGIN\r\n");
            var hello = await ReceiveAsync();
            await SendAsync(hello.Answer(DbusValue.String(":1.7")));
        }
    }

    public async Task<DbusMessage> ReceiveAsync()
    {
        DbusMessage? message;
        while (!_buffer.TryTake(0, out message))
        {
            var count = await _peer!.ReceiveAsync(_buffer.Room());
            Assert.NotEqual(0, count);
            _buffer.Added(count);
        }

        return message! with { Sender = ":1.7" };
    }

    public Task SendAsync(DbusMessage message) => SendAsync(DbusMessageCodec.Write(message, ++_serial));

    public async Task SendAsync(byte[] bytes) => await _peer!.SendAsync(bytes);

    public void Hangup() => _peer!.Dispose();

    public ValueTask DisposeAsync()
    {
        _peer?.Dispose();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.Equal(1, await _peer!.ReceiveAsync(one));
            text.Append((char)one[0]);
        }
    }
}
