using System.Globalization;
using System.Text.Json;
using Gateway.Mqtt;

namespace Gateway.Verification;

/// <summary>Follows the rules for backends: counts what came by its identity, joins the gaps, compares with the ledgers. Not thread-safe.</summary>
internal sealed class IdentityAudit
{
    private const string IdentityProperty = "gw";

    private readonly SortedDictionary<(string Gateway, string Stream, ulong Epoch), StreamAudit> _streams = [];

    public IEnumerable<KeyValuePair<(string Gateway, string Stream, ulong Epoch), StreamAudit>> Streams => _streams;

    public ulong Received => Sum(s => s.Received);

    public ulong Duplicates => Sum(s => s.Duplicates);

    public ulong OutOfOrder => Sum(s => s.OutOfOrder);

    public ulong Missing => Sum(s => s.Missing);

    public ulong Dropped => Sum(s => s.Dropped);

    public ulong Open => Sum(s => s.Open);

    /// <summary>Takes in whatever came: a message with an identity, a gap, a ledger; anything else is no business of the audit.</summary>
    public void See(MqttMessage message)
    {
        if (message.Properties.User(IdentityProperty) is { } identity)
        {
            // id;bridge.lane;epoch;seq[;previous-epoch]
            var parts = identity.Split(';');
            if (parts.Length >= 4
                && ulong.TryParse(parts[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var epoch)
                && ulong.TryParse(parts[3], CultureInfo.InvariantCulture, out var seq))
            {
                Of(parts[0], parts[1], epoch).See(seq);
            }

            return;
        }

        var levels = message.Topic.Split('/');
        var at = Array.LastIndexOf(levels, "gateways");
        if (at < 0 || message.Payload.IsEmpty)
        {
            return;
        }

        switch (levels.AsSpan(at + 1))
        {
            case [var gateway, "gaps"]:
                ReadGap(gateway, message.Payload);
                break;
            case [var gateway, "streams", var stream]:
                ReadLedger(gateway, stream, message.Payload);
                break;
        }
    }

    private static ulong Epoch(JsonElement json) => ulong.Parse(json.GetProperty("epoch").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private void ReadGap(string gateway, ReadOnlyMemory<byte> payload)
    {
        using var json = JsonDocument.Parse(payload);
        var gap = json.RootElement;
        Of(gateway, gap.GetProperty("stream").GetString()!, Epoch(gap)).Drop(gap.GetProperty("from").GetUInt64(), gap.GetProperty("to").GetUInt64());
    }

    private void ReadLedger(string gateway, string stream, ReadOnlyMemory<byte> payload)
    {
        using var json = JsonDocument.Parse(payload);
        Compare(gateway, stream, json.RootElement);
        if (json.RootElement.TryGetProperty("previous", out var previous))
        {
            foreach (var epoch in previous.EnumerateArray())
            {
                Compare(gateway, stream, epoch);
            }
        }
    }

    private void Compare(string gateway, string stream, JsonElement ledger) =>
        Of(gateway, stream, Epoch(ledger)).Compare(ledger.GetProperty("oldest").GetUInt64(), ledger.GetProperty("next").GetUInt64());

    private StreamAudit Of(string gateway, string stream, ulong epoch)
    {
        if (!_streams.TryGetValue((gateway, stream, epoch), out var audit))
        {
            _streams.Add((gateway, stream, epoch), audit = new StreamAudit());
        }

        return audit;
    }

    private ulong Sum(Func<StreamAudit, ulong> figure) => _streams.Values.Aggregate(0UL, (sum, stream) => sum + figure(stream));
}
