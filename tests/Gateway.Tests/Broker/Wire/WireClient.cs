using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt;

namespace Gateway.Tests.Broker.Wire;

/// <summary>A client that sends exactly what a test says and hides nothing of what comes back.</summary>
internal sealed class WireClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;
    private readonly ProtocolVersion _version;

    private WireClient(NetworkStream stream, ProtocolVersion version)
    {
        _stream = stream;
        _version = version;
        _reader = PipeReader.Create(stream);
    }

    public static async Task<WireClient> OpenAsync(IPEndPoint address, ProtocolVersion version)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address);
        return new WireClient(new NetworkStream(socket, ownsSocket: true), version);
    }

    public async Task<ConnAckPacket> HandshakeAsync(ConnectPacket connect)
    {
        await SendAsync(connect.Write);
        var (header, body) = await ReceiveAsync();
        Assert.Equal(ReasonCode.Success, ConnAckPacket.TryDecode(header, body, _version, out var answer));
        return answer;
    }

    public Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        write(bytes);
        return SendAsync(bytes.WrittenMemory);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    public Task SendHexAsync(string hex) => SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    public Task PublishAsync(
        string topic, string payload, int qos = 0, ushort id = 0, bool retain = false, bool dup = false, MessageProperties? properties = null)
    {
        var message = new MqttMessage { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes(payload), Properties = properties ?? MessageProperties.None };
        var header = new PublishHeader((QualityOfService)qos, id, retain, dup, message.Properties.MessageExpiryInterval);
        return SendAsync(w => PublishPacket.Write(w, message, _version, header));
    }

    public Task AckAsync(PacketType type, ushort id, ReasonCode reason = ReasonCode.Success) =>
        SendAsync(w => new AckPacket(type, id, reason).Write(w, _version));

    public Task SendSubscribeAsync(params Subscription[] subscriptions) => SendAsync(w => new SubscribePacket(7, subscriptions).Write(w, _version));

    public async Task<IReadOnlyList<ReasonCode>> SubscribeAsync(params Subscription[] subscriptions)
    {
        await SendSubscribeAsync(subscriptions);
        return (await ExpectAsync(PacketType.SubAck)).SubAck(_version).ReasonCodes;
    }

    public Task SubscribeAsync(string filter, int qos = 0) => SubscribeAsync(new Subscription(filter, (QualityOfService)qos));

    public Task DisconnectAsync(ReasonCode reason = ReasonCode.Success, uint? expiry = null) =>
        SendAsync(w => new DisconnectPacket(reason, expiry).Write(w, _version));

    /// <summary>The next packet; its type must be this.</summary>
    public async Task<WirePacket> ExpectAsync(PacketType type)
    {
        var (header, body) = await ReceiveAsync();
        Assert.Equal(type, (PacketType)(header >> 4));
        return new WirePacket(header, body);
    }

    public async Task<PublishPacket> ExpectPublishAsync() => (await ExpectAsync(PacketType.Publish)).Publish(_version);

    public async Task<AckPacket> ExpectAckAsync(PacketType type) => (await ExpectAsync(type)).Ack(_version);

    /// <summary>DISCONNECT with this reason on 5.0, nothing before; then the end.</summary>
    public async Task ExpectEndAsync(ReasonCode reason)
    {
        if (_version == ProtocolVersion.V500)
        {
            Assert.Equal(reason, (await ExpectAsync(PacketType.Disconnect)).Disconnect(_version).ReasonCode);

            // The server waits a moment for those who still send; in virtual time that moment does not pass.
            _stream.Socket.Shutdown(SocketShutdown.Send);
        }

        await ExpectClosedAsync();
    }

    /// <summary>The server closes without another byte.</summary>
    public async Task ExpectClosedAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var result = await _reader.ReadAsync(patience.Token);
            Assert.True(result.IsCompleted && result.Buffer.IsEmpty, $"expected the end, got {Convert.ToHexString(result.Buffer.ToArray())}");
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }
    }

    /// <summary>Whatever was sent before has been answered or ignored: nothing may lie before the answer to this ping.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(Ping.WriteRequest);
        await ExpectAsync(PacketType.PingResp);
    }

    public async Task<(byte Header, byte[] Body)> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            var result = await _reader.ReadAsync(patience.Token);
            var buffer = result.Buffer;
            if (PacketFramer.TryRead(ref buffer, int.MaxValue, out var header, out var body) == FrameStatus.Complete)
            {
                var bytes = body.ToArray();
                _reader.AdvanceTo(buffer.Start);
                return (header, bytes);
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            Assert.False(result.IsCompleted, "the server closed the connection");
        }
    }

    /// <summary>Ends the connection without DISCONNECT.</summary>
    public void Dispose() => _stream.Dispose();
}
