using System.Buffers;
using System.Globalization;
using Gateway.Mqtt;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Broker;

/// <summary>The first packet of a connection: CONNECT, or nothing (MQTT-3.1.0-1).</summary>
internal sealed class Handshake(AccessControl access, BrokerLimits limits, TimeProvider time)
{
    /// <summary>10 s from the connection to a complete CONNECT: a modem's slowest line, and no more for those who only hold sockets.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <summary>1 h, in seconds: a client may ask for 18 h, and its end would go unnoticed for 27 (Server Keep Alive, MQTT 5.0 §3.2.2.3.14). Before 5.0 the client cannot be told, and its own holds.</summary>
    private const ushort MaximumKeepAlive = 3600;

    /// <summary>Reads CONNECT and decides.</summary>
    /// <returns>null: refused, and answered if there is an answer.</returns>
    public async ValueTask<Accepted?> RunAsync(ConnectionContext transport)
    {
        using var timeout = new CancellationTokenSource(s_timeout, time);
        var input = transport.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(timeout.Token);
            var buffer = result.Buffer;
            var status = PacketFramer.TryRead(ref buffer, limits.Packet, out var header, out var body);
            if (status == FrameStatus.Complete)
            {
                var decision = Decide(header, body.ToArray(), transport);
                input.AdvanceTo(buffer.Start);
                if (decision.Refusal is { } refusal)
                {
                    refusal.Write(transport.Transport.Output, decision.Version);
                    await transport.Transport.Output.FlushAsync(timeout.Token);
                }

                return decision.Accepted;
            }

            // Nothing that is no CONNECT is worth waiting for.
            var isOther = buffer.Length > 0 && buffer.FirstSpan[0] != (byte)PacketType.Connect << 4;
            input.AdvanceTo(buffer.Start, buffer.End);
            if (status != FrameStatus.Incomplete || result.IsCompleted || result.IsCanceled || isOther)
            {
                return null;
            }
        }
    }

    private Decision Decide(byte header, byte[] body, ConnectionContext transport)
    {
        if (header >> 4 != (byte)PacketType.Connect)
        {
            return default;
        }

        var code = ConnectPacket.TryDecode(header, body, out var connect);
        if (code == ReasonCode.UnsupportedProtocolVersion)
        {
            return Refuse(code, LevelOf(body) > (byte)ProtocolVersion.V500 ? ProtocolVersion.V500 : ProtocolVersion.V311);
        }

        if (code != ReasonCode.Success)
        {
            // Before 5.0 a malformed CONNECT is closed without a word (3.1.1 §4.8).
            return connect.Version == ProtocolVersion.V500 ? Refuse(code, connect.Version) : default;
        }

        code = Check(connect, transport);
        return code == ReasonCode.Success ? new Decision(Accept(connect, transport), null, connect.Version) : Refuse(code, connect.Version);
    }

    private ReasonCode Check(ConnectPacket connect, ConnectionContext transport)
    {
        if (connect.AuthenticationMethod is not null)
        {
            return ReasonCode.BadAuthenticationMethod;
        }

        // 3.1.1 MQTT-3.1.3-8; 3.1 knows no empty identifier.
        if (connect.ClientId.Length == 0
            && (connect.Version == ProtocolVersion.V310 || (connect.Version == ProtocolVersion.V311 && !connect.CleanStart)))
        {
            return ReasonCode.ClientIdentifierNotValid;
        }

        if (connect.Will is { } will)
        {
            if (!TopicName.IsValid(will.Message.Topic) || (will.Message.Properties.ResponseTopic is { } response && !TopicName.IsValid(response)))
            {
                return ReasonCode.TopicNameInvalid;
            }

            if (TopicName.IsReserved(will.Message.Topic))
            {
                return ReasonCode.NotAuthorized;
            }
        }

        return access.Check(connect, transport.RemoteEndPoint);
    }

    private Accepted Accept(ConnectPacket connect, ConnectionContext transport)
    {
        var isAssigned = connect.ClientId.Length == 0;
        var clientId = isAssigned ? $"auto-{Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)}" : connect.ClientId;
        var asked = connect.Version == ProtocolVersion.V500 ? TimeSpan.FromSeconds(connect.SessionExpiryInterval ?? 0)
            : connect.CleanStart ? TimeSpan.Zero
            : limits.SessionExpiry;
        var expiry = asked < limits.SessionExpiry ? asked : limits.SessionExpiry;
        var keepAlive = connect.Version == ProtocolVersion.V500 ? Math.Min(connect.KeepAlive, MaximumKeepAlive) : connect.KeepAlive;
        var parameters = new ClientParameters(
            connect.Version,
            clientId,
            transport.RemoteEndPoint?.ToString() ?? "?",
            keepAlive,
            connect.MaximumPacketSize ?? long.MaxValue,
            limits.Inflight,
            expiry,
            connect.IsBridge && connect.Version < ProtocolVersion.V500);
        var request = new SessionRequest(
            clientId, connect.CleanStart, expiry, connect.Will, Math.Min(limits.Inflight, connect.ReceiveMaximum ?? ushort.MaxValue));
        var answer = new ConnAckPacket
        {
            SessionExpiryInterval = expiry < asked ? (uint)expiry.TotalSeconds : null,
            ReceiveMaximum = (ushort)limits.Inflight,
            MaximumPacketSize = (uint)limits.Packet,
            AssignedClientIdentifier = isAssigned ? clientId : null,
            TopicAliasMaximum = 0,
            SubscriptionIdentifierAvailable = false,
            SharedSubscriptionAvailable = false,
            ServerKeepAlive = keepAlive < connect.KeepAlive ? keepAlive : null,
        };
        return new Accepted(parameters, request, answer);
    }

    private static Decision Refuse(ReasonCode code, ProtocolVersion version) => new(null, new ConnAckPacket { ReasonCode = code }, version);

    /// <summary>The Protocol Level behind the Protocol Name, of a body that has been decoded that far.</summary>
    private static byte LevelOf(ReadOnlySpan<byte> body) => body[2 + (body[0] << 8) + body[1]];

    private readonly record struct Decision(Accepted? Accepted, ConnAckPacket? Refusal, ProtocolVersion Version);
}

/// <summary>A CONNECT that may come in.</summary>
/// <param name="Parameters">What was agreed.</param>
/// <param name="Request">For the registry.</param>
/// <param name="Answer">CONNACK, still without Session Present.</param>
internal sealed record Accepted(ClientParameters Parameters, SessionRequest Request, ConnAckPacket Answer);
