using System.Text;
using Gateway.Bridge;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.OutboxControl;

/// <summary>Messages as lines: what upstream would see.</summary>
internal sealed class EntryLines(OutboxSurroundings surroundings, StreamOverview stream)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public OutboxLine Entry(in LookedEntry entry)
    {
        if (entry.Message is not { } message)
        {
            return new OutboxLine { Damaged = new LineRange(entry.From, entry.To) };
        }

        var (text, base64) = Payload(message.Payload);
        var gw = GatewayIdentity.Format(GatewayIdentity.Prefix(surroundings.GatewayId, stream.Id, entry.Identity.Epoch), entry.Identity);
        return new OutboxLine
        {
            Seq = entry.From,
            Topic = entry.Topic,
            Payload = text,
            Payload64 = base64,
            Gw = gw,
            Retain = message.Retain,
            Qos = (int)message.Qos,
            Ts = entry.AppendedAt.ToUnixTimeMilliseconds(),
            Age = (long)entry.Age.TotalMilliseconds,
            Size = message.Payload.Length,
            Expires = message.Properties.MessageExpiryInterval is { } expiry ? Math.Max(0, expiry - (long)entry.Age.TotalSeconds) : null,
            InFlight = entry.IsInFlight ? true : null,
            Properties = Properties(GatewayIdentity.Stamp(message.Properties, surroundings.GatewayId, gw)),
        };
    }

    /// <summary>A gap as the gateway publishes it.</summary>
    public OutboxLine Gap(Gap gap) =>
        new() { Topic = surroundings.Topics.GatewayGaps, Payload = Encoding.UTF8.GetString(StreamReports.Gap(stream.Id, gap)), Retain = false };

    /// <summary>What cannot be read, as the gap that it will be.</summary>
    public OutboxLine Gap(in LookedEntry damaged, DateTimeOffset now) =>
        Gap(new Gap(damaged.Identity.Epoch, damaged.Identity.Number, damaged.Identity.Number + damaged.To - damaged.From, GapReason.Quarantine, now, now)) with { Damaged = new LineRange(damaged.From, damaged.To) };

    /// <summary>The ledger as the gateway publishes it.</summary>
    public OutboxLine Ledger(DateTimeOffset now) => new()
    {
        Topic = surroundings.Topics.GatewayStream(stream.Id.ToString()),
        Payload = Encoding.UTF8.GetString(StreamReports.Ledger(stream.Epochs, now)),
        Retain = true,
    };

    private static (string? Text, string? Base64) Payload(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return (s_strict.GetString(payload.Span), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, Convert.ToBase64String(payload.Span));
        }
    }

    private static LineProperties Properties(MessageProperties properties) => new(
        properties.IsUtf8,
        properties.ContentType,
        properties.ResponseTopic,
        properties.CorrelationData is { } correlation ? Convert.ToBase64String(correlation.Span) : null,
        [.. properties.UserProperties.Where(static p => p.Name != GatewayIdentity.Property).Select(static p => (IReadOnlyList<string>)[p.Name, p.Value])]);
}
