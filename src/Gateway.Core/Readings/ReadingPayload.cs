namespace Gateway.Core;

/// <summary>The payload of one point's readings (schema <c>reading.v1</c>); what does not change is prepared once.</summary>
public sealed class ReadingPayload(PointOptions point, int boot)
{
    private static readonly byte[] s_schema = JsonPayload.Prepare("schema", "reading.v1");
    private static readonly byte[] s_unsynced = JsonPayload.Prepare("clock", "unsynced");
    private static readonly byte[][] s_qualities = [JsonPayload.Prepare("q", "good"), JsonPayload.Prepare("q", "uncertain"), JsonPayload.Prepare("q", "bad")];

    private readonly Dictionary<string, byte[]> _labels =
        point.Labels?.Entries.ToDictionary(e => e.Value, e => JsonPayload.Prepare("label", e.Value), StringComparer.Ordinal) ?? [];

    private readonly byte[] _unit = point.Unit is null ? [] : JsonPayload.Prepare("unit", point.Unit);

    /// <summary>A message of its own.</summary>
    /// <param name="reading">What was read.</param>
    /// <param name="seq">Counts the point's reports since the start, from 1.</param>
    /// <param name="clockTrusted">false: <c>"clock":"unsynced"</c> is added.</param>
    public byte[] Write(in Reading reading, ulong seq, bool clockTrusted)
    {
        var json = JsonPayload.Open();
        Members(json, reading).Member("seq", seq).Member("boot", boot);
        return json.Member(clockTrusted ? default : s_unsynced).Member(s_schema).Close();
    }

    /// <summary>A member of a device's object, under the point's id.</summary>
    public void WriteInto(JsonPayload json, in Reading reading)
    {
        json.OpenObject(point.Id);
        Members(json, reading).CloseObject();
    }

    /// <summary>The value as it stands in JSON: as a text where the point says so.</summary>
    internal static PointValue Shown(PointOptions point, in PointValue value) => point.AsText && value.Kind != PointValueKind.None ? PointValue.Of(value.ToString()) : value;

    private JsonPayload Members(JsonPayload json, in Reading reading) => json
        .Member("v", Shown(point, reading.Value))
        .Member(point.Labels?.Of(reading.Value) is { } label ? _labels[label] : [])
        .Member("ts", reading.At.ToUnixTimeMilliseconds())
        .Member(_unit)
        .Member(s_qualities[(int)reading.Quality])
        .Member("error", reading.Error);
}
