using Gateway.EndToEnd.Tests.Peers;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>A reading as a subscriber sees it.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Boot">Start of the gateway.</param>
/// <param name="Seq">Number of the point's report in that start.</param>
/// <param name="At">When it was read, Unix milliseconds.</param>
/// <param name="Quality">good, uncertain or bad.</param>
/// <param name="Value">The value as written.</param>
internal sealed record FieldReading(string Topic, int Boot, ulong Seq, long At, string Quality, string Value)
{
    public static bool Is(Received message) => message.Topic.Contains("/telemetry/", StringComparison.Ordinal);

    public static FieldReading Of(Received message)
    {
        var json = message.Json;
        return new(
            message.Topic, json.GetProperty("boot").GetInt32(), json.GetProperty("seq").GetUInt64(), json.GetProperty("ts").GetInt64(),
            json.GetProperty("q").GetString()!, json.GetProperty("v").GetRawText());
    }

    public static IReadOnlyList<FieldReading> All(Collector collector) => [.. collector.Messages.Where(Is).Select(Of)];
}
