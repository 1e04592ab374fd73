using System.Globalization;
using System.Text;
using Gateway.OutboxControl;

namespace Gateway.Cli;

/// <summary>An entry for people.</summary>
internal static class EntryText
{
    /// <summary>A line of a wide terminal.</summary>
    private const int LongestPreview = 120;

    public static void Write(OutboxLine line, TextWriter output)
    {
        if (line.Damaged is { } damaged)
        {
            var range = damaged.From == damaged.To ? $"{damaged.From}" : $"{damaged.From} to {damaged.To}";
            output.WriteLine($"{range}: cannot be read; edge-gateway outbox repair tells upstream so, or the bridge does when it comes there");
            return;
        }

        var words = new List<string>
        {
            $"{line.Seq}:",
            DateTimeOffset.FromUnixTimeMilliseconds(line.Ts ?? 0).ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            $"({Words.Age(line.Age ?? 0)} ago)",
            $"QoS {line.Qos}",
        };
        if (line.Retain == true)
        {
            words.Add("retained");
        }

        if (line.Expires is { } seconds)
        {
            words.Add(seconds == 0 ? "expired" : $"expires in {Words.Age(seconds * 1000)}");
        }

        if (line.InFlight == true)
        {
            words.Add("in flight");
        }

        words.Add(Words.Bytes(line.Size ?? 0));
        words.Add(Words.Safe(line.Topic ?? ""));
        output.WriteLine(string.Join("  ", words));
        output.WriteLine($"    {Words.Preview(line.Payload64 is { } base64 ? Convert.FromBase64String(base64) : Encoding.UTF8.GetBytes(line.Payload ?? ""), LongestPreview)}");
    }
}
