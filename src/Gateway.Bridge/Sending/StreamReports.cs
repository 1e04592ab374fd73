using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Payloads by which a backend proves that nothing is missing.</summary>
public static class StreamReports
{
    /// <summary>A range that will never arrive.</summary>
    public static byte[] Gap(StreamId stream, Gap gap)
    {
        var output = new ArrayBufferWriter<byte>(192);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("stream"u8, stream.ToString());
            json.WriteString("epoch"u8, Epoch(gap.Epoch));
            json.WriteNumber("from"u8, gap.From);
            json.WriteNumber("to"u8, gap.To);
            json.WriteString("reason"u8, gap.Reason.Name());
            json.WriteNumber("first"u8, gap.First.ToUnixTimeMilliseconds());
            json.WriteNumber("last"u8, gap.Last.ToUnixTimeMilliseconds());
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The figures of a stream.</summary>
    public static byte[] Ledger(StreamLedger ledger, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(160);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("epoch"u8, Epoch(ledger.Epoch));
            json.WriteNumber("oldest"u8, ledger.Oldest);
            json.WriteNumber("next"u8, ledger.Next);
            json.WriteNumber("acked"u8, ledger.Acknowledged);
            json.WriteNumber("dropped"u8, ledger.Dropped);
            json.WriteNumber("ts"u8, now.ToUnixTimeMilliseconds());
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static string Epoch(ulong epoch) => epoch.ToString("x16", CultureInfo.InvariantCulture);
}
