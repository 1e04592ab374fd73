using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Gateway.Bridge;
using Gateway.Mqtt;

namespace Gateway.Verification;

/// <summary>Reads recorded messages, one JSON object a line: <c>topic</c>, <c>payload</c> (text, or JSON as it is) or <c>payload64</c>, <c>gw</c>, <c>gw-origin</c>, <c>gw-path</c>.</summary>
internal static class AuditLines
{
    /// <summary>1 MiB: four times the largest packet, for its base64 and its escapes.</summary>
    private const int LongestLine = 1 << 20;

    /// <summary>Reads to the end.</summary>
    /// <param name="input">UTF-8.</param>
    /// <param name="see">Gets each message.</param>
    /// <param name="reject">Gets the number of each line that is none, and why.</param>
    /// <param name="cancellation">Ends it in between.</param>
    public static async Task ReadAsync(Stream input, Action<MqttMessage> see, Action<long, string> reject, CancellationToken cancellation)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));
        var number = 0L;
        var skipping = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = read.Buffer;
            while (TryTakeLine(ref buffer, read.IsCompleted, out var line))
            {
                number += skipping ? 0 : 1;
                if (!skipping)
                {
                    Take(line, number, see, reject);
                }

                skipping = false;
            }

            if (buffer.Length > LongestLine)
            {
                if (!skipping)
                {
                    reject(++number, "longer than 1 MiB");
                    skipping = true;
                }

                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                await reader.CompleteAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (isLast && !buffer.IsEmpty)
        {
            buffer = buffer.Slice(buffer.End);
            return true;
        }

        return false;
    }

    private static void Take(ReadOnlySequence<byte> line, long number, Action<MqttMessage> see, Action<long, string> reject)
    {
        var bytes = line.ToArray();
        if (bytes.AsSpan().TrimEnd("\r \t"u8).IsEmpty)
        {
            return;
        }

        if (bytes.Length > LongestLine)
        {
            reject(number, "longer than 1 MiB");
        }
        else if (Parse(bytes, out var wrong) is { } message)
        {
            see(message);
        }
        else
        {
            reject(number, wrong);
        }
    }

    private static MqttMessage? Parse(byte[] line, out string wrong)
    {
        wrong = "not a JSON object with a topic";
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || Text(json, "topic") is not { Length: > 0 } topic)
            {
                return null;
            }

            var user = new List<UserProperty>();
            foreach (var name in (string[])[GatewayIdentity.Property, GatewayIdentity.OriginProperty, GatewayIdentity.PathProperty])
            {
                if (Text(json, name) is { } value)
                {
                    user.Add(new UserProperty(name, value));
                }
            }

            wrong = "payload64 is not base64";
            return new MqttMessage { Topic = topic, Payload = Payload(json), Properties = new MessageProperties { UserProperties = user } };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair in a string.
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static byte[] Payload(JsonElement json) =>
        json.TryGetProperty("payload64", out var encoded) ? encoded.GetBytesFromBase64()
        : !json.TryGetProperty("payload", out var payload) || payload.ValueKind == JsonValueKind.Null ? []
        : Encoding.UTF8.GetBytes(payload.ValueKind == JsonValueKind.String ? payload.GetString()! : payload.GetRawText());
}
