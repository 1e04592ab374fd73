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

    /// <summary>The figures of a stream: of the current epoch, and below <c>previous</c> of those before it, newest first, as long as they may be news to somebody.</summary>
    public static byte[] Ledger(IReadOnlyList<StreamLedger> epochs, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(160);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            Figures(json, epochs[0]);
            json.WriteNumber("ts"u8, now.ToUnixTimeMilliseconds());
            if (epochs.Count > 1)
            {
                json.WriteStartArray("previous"u8);
                for (var i = 1; i < epochs.Count; i++)
                {
                    json.WriteStartObject();
                    Figures(json, epochs[i]);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Figures(Utf8JsonWriter json, StreamLedger ledger)
    {
        json.WriteString("epoch"u8, Epoch(ledger.Epoch));
        json.WriteNumber("oldest"u8, ledger.Oldest);
        json.WriteNumber("next"u8, ledger.Next);
        json.WriteNumber("acked"u8, ledger.Acknowledged);
        json.WriteNumber("dropped"u8, ledger.Dropped);
    }

    private static string Epoch(ulong epoch) => epoch.ToString("x16", CultureInfo.InvariantCulture);
}
