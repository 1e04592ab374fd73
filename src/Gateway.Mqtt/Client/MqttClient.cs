using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Mqtt;

/// <summary>One connection to an MQTT server, as its client. It does not reconnect: whoever owns it does, by making another.</summary>
/// <remarks>
/// <see cref="ConnectAsync"/>, then <see cref="RunAsync"/>, which reads until the connection ends. All other members are safe from any thread
/// and none of them waits for the socket, except those that say so. QoS 2 is exact within one connection; nothing is published at QoS 2.
/// </remarks>
public sealed class MqttClient : IAsyncDisposable
{
    /// <summary>How long a last DISCONNECT may take to leave.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly MqttClientOptions _options;
    private readonly Stream _stream;
    private readonly PipeReader _input;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly WriteBuffer _output;
    private readonly OutboundWindow _window;
    private readonly InboundOrder _inbound;
    private readonly PendingReplies _replies = new();
    private MqttClose? _close;

    internal MqttClient(MqttClientOptions options, ConnAckPacket connAck, Stream stream, PipeReader input, TimeProvider time)
    {
        (_options, _stream, _input, _time) = (options, stream, input, time);
        SessionPresent = connAck.SessionPresent;
        AssignedClientId = connAck.AssignedClientIdentifier;
        Limits = ServerLimits.From(connAck, options.KeepAlive);
        _output = new WriteBuffer(options.WriteLimit, time);
        _window = new OutboundWindow(Math.Min(Math.Min(options.MaximumInflight, Limits.ReceiveMaximum), PendingReplies.FirstId - 1));
        _inbound = new InboundOrder(options.ReceiveMaximum, _output, options.Version);
    }

    /// <summary>The server had kept our session (§3.2.2.1.1).</summary>
    public bool SessionPresent { get; }

    /// <summary>The client identifier that the server made, if ours was empty.</summary>
    public string? AssignedClientId { get; }

    public ServerLimits Limits { get; }

    /// <summary>Until when the server's certificate is valid, UTC; null: there is none.</summary>
    public DateTimeOffset? ServerCertificateEnd => (_stream as SslStream)?.RemoteCertificate is X509Certificate2 certificate ? certificate.NotAfter.ToUniversalTime() : null;

    /// <summary>Most publishes that can be unacknowledged.</summary>
    public int Window => _window.Size;

    /// <summary>Publishes that are unacknowledged.</summary>
    public int Inflight => _window.Size - _window.Available;

    /// <summary>Connects; every expected failure is a value, only cancellation throws.</summary>
    public static Task<MqttConnectResult> ConnectAsync(MqttClientOptions options, TimeProvider time, CancellationToken cancellation) =>
        new MqttConnector(options, time).RunAsync(cancellation);

    /// <summary>Reads and writes until the connection ends. Once per client.</summary>
    public async Task<MqttClose> RunAsync(IMqttClientHandler handler, CancellationToken cancellation)
    {
        using var stop = cancellation.UnsafeRegister(static c => ((MqttClient)c!).End(MqttCloseKind.Local, ReasonCode.Success, "stopped"), this);
        var watch = new KeepAliveWatch(Limits.KeepAlive, _options.WriteTimeout, _output, _time);
        var loops = new[] { WriteAsync(), WatchAsync(watch) };
        var dispatcher = new PacketDispatcher(this, handler, _options.Version, _window, _inbound, _replies, _time);
        try
        {
            await ReadAsync(dispatcher, watch);
            if (Volatile.Read(ref _close) is { Kind: MqttCloseKind.ProtocolError })
            {
                await Task.WhenAny(loops[0], Task.Delay(s_farewell, _time, _ended.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            End(MqttCloseKind.Lost, ReasonCode.Success, $"{Address} ended the connection: {e.Message}");
        }
        finally
        {
            End(MqttCloseKind.Lost, ReasonCode.Success, $"{Address} ended the connection");
            await Task.WhenAll(loops);
            await _input.CompleteAsync();
            await DisposeAsync();
        }

        return _close!;
    }

    /// <summary>Hands a message over at QoS 0 or 1; never waits.</summary>
    /// <param name="message">Topic, payload and properties.</param>
    /// <param name="qos">QoS of this hop.</param>
    /// <param name="retain">RETAIN flag of this hop.</param>
    /// <param name="expiry">Message Expiry Interval to send, seconds.</param>
    /// <param name="token">Comes back with the answer at QoS 1.</param>
    /// <param name="stamp">User Properties behind the message's own, encoded; not kept.</param>
    public SendStatus TryPublish(MqttMessage message, QualityOfService qos, bool retain, uint? expiry, long token = 0, ReadOnlyMemory<byte> stamp = default) =>
        TryPublish(message, new PublishHeader(qos, 0, retain, Dup: false, expiry, stamp), token, null);

    /// <summary>Publishes at QoS 1, once the window has room for it, and waits for the answer.</summary>
    /// <returns>The Reason Code; null: it cannot be sent or the connection ended.</returns>
    public async Task<ReasonCode?> PublishAsync(MqttMessage message, bool retain, CancellationToken cancellation)
    {
        var waiter = new TaskCompletionSource<ReasonCode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var header = new PublishHeader(QualityOfService.AtLeastOnce, 0, retain, Dup: false, message.Properties.MessageExpiryInterval);
        while (true)
        {
            // Asked for before the attempt: an answer that comes in between is not missed.
            var freed = _window.WhenFreedAsync();
            switch (TryPublish(message, header, 0, waiter))
            {
                case SendStatus.Sent:
                    return await waiter.Task.WaitAsync(cancellation);
                case SendStatus.Full:
                    await freed.WaitAsync(cancellation);
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>Subscribes and waits for the answer.</summary>
    /// <returns>A Reason Code for each filter, or null: the connection ended.</returns>
    public Task<IReadOnlyList<ReasonCode>?> SubscribeAsync(IReadOnlyList<Subscription> subscriptions, CancellationToken cancellation)
    {
        var reply = _replies.Add(out var id);
        _output.Append((new SubscribePacket(id, subscriptions), _options.Version), static (o, p) => p.Item1.Write(o, p.Version));
        return reply.WaitAsync(cancellation);
    }

    /// <summary>Unsubscribes and waits for the answer.</summary>
    public Task<IReadOnlyList<ReasonCode>?> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellation)
    {
        var reply = _replies.Add(out var id);
        _output.Append((new UnsubscribePacket(id, filters), _options.Version), static (o, p) => p.Item1.Write(o, p.Version));
        return reply.WaitAsync(cancellation);
    }

    /// <summary>Acknowledges a message; the answer leaves once all earlier ones are acknowledged (§4.6). Ticket 0 is nothing to do.</summary>
    public void Acknowledge(long ticket, ReasonCode reason) => _inbound.Acknowledge(ticket, reason);

    /// <summary>Says goodbye: writes what waits, then DISCONNECT, then closes. <see cref="RunAsync"/> returns soon after.</summary>
    public void Disconnect(ReasonCode reason = ReasonCode.Success)
    {
        if (Interlocked.CompareExchange(ref _close, new MqttClose(MqttCloseKind.Local, reason, "disconnected"), null) is null)
        {
            _output.Append((new DisconnectPacket(reason), _options.Version), static (o, p) => p.Item1.Write(o, p.Version));
            _output.Complete();
        }
    }

    /// <summary>Closes at once, because the server lives and does not do its work.</summary>
    /// <param name="why">What it does not do.</param>
    public void GiveUp(string why) => End(MqttCloseKind.Silent, ReasonCode.UnspecifiedError, $"{Address} {why}");

    public async ValueTask DisposeAsync()
    {
        End(MqttCloseKind.Local, ReasonCode.Success, "closed");
        _window.Close();
        _replies.Close();
        await _stream.DisposeAsync();
    }

    internal string Address => ClientTransport.Address(_options);

    /// <summary>The first reason counts.</summary>
    internal void End(MqttCloseKind kind, ReasonCode reason, string text)
    {
        Interlocked.CompareExchange(ref _close, new MqttClose(kind, reason, text), null);
        _output.Complete();
        _ended.Cancel();
    }

    /// <summary>The server broke the protocol: says so, then closes (§4.13).</summary>
    internal void Fail(ReasonCode reason, string text)
    {
        if (Interlocked.CompareExchange(ref _close, new MqttClose(MqttCloseKind.ProtocolError, reason, text), null) is null)
        {
            if (_options.Version == ProtocolVersion.V500)
            {
                _output.Append(reason, static (o, r) => new DisconnectPacket(r).Write(o, ProtocolVersion.V500));
            }

            _output.Complete();
        }
    }

    private SendStatus TryPublish(MqttMessage message, PublishHeader header, long token, TaskCompletionSource<ReasonCode?>? waiter)
    {
        if (Volatile.Read(ref _close) is not null)
        {
            return SendStatus.Closed;
        }

        if (header.Qos > Limits.MaximumQos || header.Qos == QualityOfService.ExactlyOnce)
        {
            return SendStatus.QosNotSupported;
        }

        if (header.Retain && !Limits.RetainAvailable)
        {
            return SendStatus.RetainNotSupported;
        }

        if (Limits.MaximumPacketSize < int.MaxValue && PublishPacket.Size(message, _options.Version, header) > Limits.MaximumPacketSize)
        {
            return SendStatus.TooLarge;
        }

        // Who waits for the answer waits for no other: nothing might be in flight that would wake it.
        if (_output.IsFullFor(header.Qos) && waiter is null)
        {
            return SendStatus.Full;
        }

        if (header.Qos == QualityOfService.AtLeastOnce)
        {
            header = header with { PacketId = _window.Take(token, waiter) };
            if (header.PacketId == 0)
            {
                return SendStatus.Full;
            }
        }

        return _output.Append((message, _options.Version, header), static (o, p) => PublishPacket.Write(o, p.message, p.Version, p.header))
            ? SendStatus.Sent : SendStatus.Closed;
    }

    private async Task ReadAsync(PacketDispatcher dispatcher, KeepAliveWatch watch)
    {
        while (true)
        {
            var read = await _input.ReadAsync(_ended.Token);
            watch.Received();
            var buffer = read.Buffer;
            while (true)
            {
                var status = PacketFramer.TryRead(ref buffer, _options.MaximumPacketSize, out var header, out var body);
                if (status == FrameStatus.Incomplete)
                {
                    break;
                }

                if (status != FrameStatus.Complete)
                {
                    var reason = status == FrameStatus.TooLarge ? ReasonCode.PacketTooLarge : ReasonCode.MalformedPacket;
                    Fail(reason, $"{Address} sent a packet that cannot be taken ({reason})");
                    return;
                }

                while (!dispatcher.Dispatch(header, body))
                {
                    await _inbound.WhenRoomAsync().WaitAsync(_ended.Token);
                }

                if (Volatile.Read(ref _close) is { Kind: not MqttCloseKind.Local })
                {
                    return;
                }
            }

            dispatcher.EndBatch();
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await _output.RunAsync(_stream, _ended.Token);
            End(MqttCloseKind.Local, ReasonCode.Success, "disconnected");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            End(MqttCloseKind.Lost, ReasonCode.Success, $"{Address} ended the connection: {e.Message}");
        }
    }

    private async Task WatchAsync(KeepAliveWatch watch)
    {
        try
        {
            var why = await watch.RunAsync(_ended.Token);
            End(MqttCloseKind.Silent, ReasonCode.KeepAliveTimeout, $"{Address} is dead: {why}");
        }
        catch (OperationCanceledException)
        {
            // The connection ended for another reason.
        }
    }
}
