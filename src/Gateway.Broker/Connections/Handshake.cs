using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Gateway.Mqtt;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Broker;

/// <summary>The first packet of a connection: CONNECT, or nothing (MQTT-3.1.0-1).</summary>
internal sealed class Handshake(AccessControl access, LoginDesk desk, BrokerLimits limits, TimeProvider time)
{
    /// <summary>10 s from the connection to a complete CONNECT: a modem's slowest line, and no more for those who only hold sockets.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <summary>1 h, in seconds: a client may ask for 18 h, and its end would go unnoticed for 27 (Server Keep Alive, MQTT 5.0 §3.2.2.3.14). Before 5.0 the client cannot be told, and its own holds.</summary>
    private const ushort MaximumKeepAlive = 3600;

    /// <summary>1 MiB for all CONNECTs that have begun and not ended; beyond it, only small ones are waited for.</summary>
    private const long MaximumUnfinished = 1 << 20;

    /// <summary>4 KiB: more than an honest CONNECT has that comes in pieces.</summary>
    private const long SmallUnfinished = 4 << 10;

    /// <summary>Bytes: more than any of our CONNACKs has.</summary>
    private const uint CertainlyEnough = 256;

    private long _unfinished;

    /// <summary>Reads CONNECT and decides.</summary>
    /// <returns>null: refused, and answered if there is an answer.</returns>
    public async ValueTask<Accepted?> RunAsync(ConnectionContext transport)
    {
        using var timeout = new CancellationTokenSource(s_timeout, time);
        var held = 0L;
        try
        {
            while (true)
            {
                var result = await transport.Transport.Input.ReadAsync(timeout.Token);
                if (TryCut(result, transport, out var header, out var body, out var isPadded, out var left) is not { } complete)
                {
                    return null;
                }

                if (complete)
                {
                    return await AnswerAsync(await DecideAsync(header, body, isPadded, transport, timeout.Token), transport, timeout.Token);
                }

                var unfinished = Interlocked.Add(ref _unfinished, left - held);
                held = left;
                if (unfinished > MaximumUnfinished && held > SmallUnfinished)
                {
                    return null;
                }
            }
        }
        finally
        {
            Interlocked.Add(ref _unfinished, -held);
        }
    }

    /// <returns>Whether there is a whole packet; null: there will never be a CONNECT.</returns>
    private bool? TryCut(in ReadResult result, ConnectionContext transport, out byte header, out byte[] body, out bool isPadded, out long left)
    {
        var buffer = result.Buffer;
        var status = PacketFramer.TryRead(ref buffer, limits.Packet, out header, out var bytes, maybePadded: true);
        left = buffer.Length;
        isPadded = status == FrameStatus.Complete && result.Buffer.Length - left > 1 + PacketFramer.LengthSize((int)bytes.Length) + bytes.Length;
        body = status == FrameStatus.Complete ? bytes.ToArray() : [];
        if (status == FrameStatus.Complete)
        {
            transport.Transport.Input.AdvanceTo(buffer.Start);
            return true;
        }

        // Nothing that is no CONNECT is worth waiting for.
        var isOther = buffer.Length > 0 && buffer.FirstSpan[0] != (byte)PacketType.Connect << 4;
        transport.Transport.Input.AdvanceTo(buffer.Start, buffer.End);
        return status != FrameStatus.Incomplete || result.IsCompleted || result.IsCanceled || isOther ? null : false;
    }

    private static async ValueTask<Accepted?> AnswerAsync(Decision decision, ConnectionContext transport, CancellationToken cancellationToken)
    {
        if (decision.Refusal is { } refusal)
        {
            refusal.Write(transport.Transport.Output, decision.Version);
            await transport.Transport.Output.FlushAsync(cancellationToken);
        }

        return decision.Accepted;
    }

    private async ValueTask<Decision> DecideAsync(byte header, byte[] body, bool isPadded, ConnectionContext transport, CancellationToken cancellation)
    {
        if (header >> 4 != (byte)PacketType.Connect)
        {
            return default;
        }

        var code = ConnectPacket.TryDecode(header, body, out var connect);
        if (code == ReasonCode.UnsupportedProtocolVersion)
        {
            return Refuse(code, LevelOf(body) >= (byte)ProtocolVersion.V500 ? ProtocolVersion.V500 : ProtocolVersion.V311);
        }

        if (code != ReasonCode.Success)
        {
            // Before 5.0 a malformed CONNECT is closed without a word (3.1.1 §4.8).
            return connect.Version == ProtocolVersion.V500 ? Refuse(code, connect.Version) : default;
        }

        // MQTT-1.5.5-1; what the version is was not known before.
        code = isPadded && connect.Version == ProtocolVersion.V500 ? ReasonCode.MalformedPacket : Check(connect);
        if (code != ReasonCode.Success)
        {
            return Refuse(code, connect.Version);
        }

        var policy = access.Policy;
        var admission = await desk.AdmitAsync(policy, connect, transport.RemoteEndPoint, UserOf(transport), cancellation);
        if (admission.Reason != ReasonCode.Success)
        {
            return Refuse(admission.Reason, connect.Version, admission.Why);
        }

        var accepted = Accept(connect, transport, policy, admission.Identity);
        if (!Fits(accepted.Answer, connect))
        {
            // MQTT-3.1.2-24: who cannot take the answer cannot be served, and is told if that much fits.
            var refusal = Refuse(ReasonCode.PacketTooLarge, connect.Version);
            return Fits(refusal.Refusal!, connect) ? refusal : default;
        }

        return new Decision(accepted, null, connect.Version);
    }

    private static ReasonCode Check(ConnectPacket connect)
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

        return ReasonCode.Success;
    }

    private Accepted Accept(ConnectPacket connect, ConnectionContext transport, AccessPolicy policy, ClientIdentity identity)
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
            identity,
            connect.IsBridge && connect.Version < ProtocolVersion.V500);
        var request = new SessionRequest(
            clientId, connect.CleanStart, expiry, connect.Will, Math.Min(limits.Inflight, connect.ReceiveMaximum ?? ushort.MaxValue),
            identity, policy.RightsOf(identity, clientId));
        var answer = new ConnAckPacket
        {
            SessionExpiryInterval = expiry < asked ? (uint)expiry.TotalSeconds : null,
            ReceiveMaximum = (ushort)limits.Inflight,
            MaximumPacketSize = (uint)limits.Packet,
            AssignedClientIdentifier = isAssigned ? clientId : null,
            TopicAliasMaximum = 0,
            SharedSubscriptionAvailable = false,
            ServerKeepAlive = keepAlive < connect.KeepAlive ? keepAlive : null,
        };
        return new Accepted(parameters, request, answer, policy);
    }

    /// <summary>The user whom the client's certificate names, if it showed one that counts.</summary>
    private static string? UserOf(ConnectionContext transport) =>
        transport.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate ? ClientCertificate.UserOf(certificate) : null;

    private static Decision Refuse(ReasonCode code, ProtocolVersion version, string? why = null) => new(null, new ConnAckPacket { ReasonCode = code, ReasonString = why }, version);

    private static bool Fits(ConnAckPacket answer, ConnectPacket connect)
    {
        if (connect.MaximumPacketSize is not { } limit || limit >= CertainlyEnough)
        {
            return true;
        }

        var bytes = new ArrayBufferWriter<byte>();
        answer.Write(bytes, connect.Version);
        return bytes.WrittenCount <= limit;
    }

    /// <summary>The Protocol Level behind the Protocol Name, without the bridge bit, of a body that has been decoded that far.</summary>
    private static byte LevelOf(ReadOnlySpan<byte> body) => (byte)(body[2 + (body[0] << 8) + body[1]] & 0x7F);

    private readonly record struct Decision(Accepted? Accepted, ConnAckPacket? Refusal, ProtocolVersion Version);
}

/// <summary>A CONNECT that may come in.</summary>
/// <param name="Parameters">What was agreed.</param>
/// <param name="Request">For the registry.</param>
/// <param name="Answer">CONNACK, still without Session Present.</param>
/// <param name="Policy">By which it was let in.</param>
internal sealed record Accepted(ClientParameters Parameters, SessionRequest Request, ConnAckPacket Answer, AccessPolicy Policy);
