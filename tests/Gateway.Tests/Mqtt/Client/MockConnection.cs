using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Channels;
using Gateway.Mqtt;

namespace Gateway.Tests.Mqtt.Client;

/// <summary>One client at a <see cref="MockServer"/>.</summary>
internal sealed class MockConnection(MockServer server, TcpClient client) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly NetworkStream _stream = client.GetStream();
    private readonly Channel<PublishPacket> _published = Channel.CreateUnbounded<PublishPacket>();
    private readonly Channel<AckPacket> _acks = Channel.CreateUnbounded<AckPacket>();
    private readonly Channel<Subscription> _subscribed = Channel.CreateUnbounded<Subscription>();
    private readonly TaskCompletionSource<DisconnectPacket?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many filters each SUBSCRIBE had.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<int> SubscribeSizes { get; } = [];

    public ConnectPacket Connect { get; private set; } = new();

    /// <summary>The client's DISCONNECT, or null when it went without one.</summary>
    public Task<DisconnectPacket?> Ended => _ended.Task.Soon();

    public Task<PublishPacket> PublishedAsync() => _published.Reader.ReadAsync().AsTask().Soon();

    public Task<AckPacket> AckAsync() => _acks.Reader.ReadAsync().AsTask().Soon();

    public Task<Subscription> SubscribedAsync() => _subscribed.Reader.ReadAsync().AsTask().Soon();

    public void Send(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        lock (_lock)
        {
            _stream.Write(output.WrittenSpan);
        }
    }

    public void Publish(string topic, string payload, QualityOfService qos = QualityOfService.AtLeastOnce, ushort id = 1, bool dup = false, MessageProperties? properties = null) =>
        Send(o => PublishPacket.Write(
            o, new MqttMessage { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes(payload), Properties = properties ?? MessageProperties.None },
            ProtocolVersion.V500, new PublishHeader(qos, qos == 0 ? (ushort)0 : id, false, dup, properties?.MessageExpiryInterval)));

    public void Answer(ushort id, ReasonCode reason = ReasonCode.Success) =>
        Send(o => new AckPacket(PacketType.PubAck, id, reason).Write(o, ProtocolVersion.V500));

    public void Close() => client.Client.Close(0);

    public void Dispose() => client.Dispose();

    public async Task RunAsync(Action<MockConnection> connected, CancellationToken stop)
    {
        DisconnectPacket? last = null;
        try
        {
            var input = PipeReader.Create(_stream);
            while (true)
            {
                var read = await input.ReadAsync(stop);
                var buffer = read.Buffer;
                while (PacketFramer.TryRead(ref buffer, int.MaxValue, out var header, out var body) == FrameStatus.Complete)
                {
                    last = Handle(header, body.ToArray(), connected) ?? last;
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The test ended it.
        }
        finally
        {
            _ended.TrySetResult(last);
            _published.Writer.TryComplete();
        }
    }

    private DisconnectPacket? Handle(byte header, byte[] body, Action<MockConnection> connected)
    {
        switch ((PacketType)(header >> 4))
        {
            case PacketType.Connect:
                Assert.Equal(ReasonCode.Success, ConnectPacket.TryDecode(header, body, out var connect));
                Connect = connect;
                if (server.OnConnect(connect) is { } answer)
                {
                    Send(o => answer.Write(o, ProtocolVersion.V500));
                    if (answer.ReasonCode == ReasonCode.Success)
                    {
                        connected(this);
                    }
                }
                else
                {
                    Close();
                }

                break;
            case PacketType.Publish:
                Assert.Equal(ReasonCode.Success, PublishPacket.TryDecode(header, body, ProtocolVersion.V500, null, default, 0, out var publish));
                _published.Writer.TryWrite(publish);
                if (!server.IsSilent && publish.PacketId != 0 && server.OnPublish(this, publish) is { } reason)
                {
                    Answer(publish.PacketId, reason);
                }

                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp:
                Assert.Equal(ReasonCode.Success, AckPacket.TryDecode(header, body, ProtocolVersion.V500, out var ack));
                _acks.Writer.TryWrite(ack);
                break;
            case PacketType.Subscribe:
                Assert.Equal(ReasonCode.Success, SubscribePacket.TryDecode(header, body, ProtocolVersion.V500, out var subscribe));
                SubscribeSizes.Enqueue(subscribe.Subscriptions.Count);
                var codes = subscribe.Subscriptions.Select(server.OnSubscribe).OfType<ReasonCode>().ToArray();
                if (codes.Length > 0)
                {
                    Send(o => new SubAckPacket(PacketType.SubAck, subscribe.PacketId, codes).Write(o, ProtocolVersion.V500));
                }

                foreach (var subscription in subscribe.Subscriptions)
                {
                    _subscribed.Writer.TryWrite(subscription);
                }

                break;
            case PacketType.PingReq when !server.IsSilent:
                Send(Ping.WriteResponse);
                break;
            case PacketType.Disconnect:
                Assert.Equal(ReasonCode.Success, DisconnectPacket.TryDecode(header, body, ProtocolVersion.V500, out var disconnect));
                return disconnect;
        }

        return null;
    }
}
