using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>What a scan has heard, in the end: a table, what to paste, or a document for programs.</summary>
internal static class BleScanText
{
    public static string Name(HeardAdvertiser device) => device.Id is { } id ? $"{id} (configured)" : Words.Safe(device.Name ?? "-");

    public static string Rssi(HeardAdvertiser device) => device.Rssi?.ToString(CultureInfo.InvariantCulture) ?? "-";

    public static string Rate(HeardAdvertiser device, TimeProvider time) => device.Count < 2 ? "-" : device.Rate(time).ToString(device.Rate(time) < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);

    public static IEnumerable<string> Lines(IReadOnlyList<HeardAdvertiser> devices, TimeProvider time)
    {
        var table = new TextTable("ADDRESS", "NAME", "\tdBm", "\t/min", "DECODER", "SAYS");
        foreach (var device in devices)
        {
            table.Add(device.Address.ToString(), Name(device), Rssi(device), Rate(device, time), device.Format?.Name ?? "-", device.Says);
        }

        return table.Lines();
    }

    /// <summary>Devices that somebody understands and that are not in the configuration yet.</summary>
    public static IEnumerable<string> Yaml(IReadOnlyList<HeardAdvertiser> devices, string? link, string? controller)
    {
        var fresh = devices.Where(static d => d is { Id: null, Format: not null }).ToList();
        if (fresh.Count == 0)
        {
            yield break;
        }

        if (link is null)
        {
            yield return "links:";
            yield return $"  - {{ id: radio, type: ble{(controller is null ? "" : $", controller: {controller}")} }}";
        }

        yield return "devices:";
        foreach (var device in fresh)
        {
            var needsKey = device.Refusal is not null && device.Format!.KeyLengths.Count > 0;
            yield return $"  - {{ id: {IdOf(device)}, link: {link ?? "radio"}, address: \"{device.Address}\", decoder: {device.Format!.Name}{(needsKey ? $", key: {{ file: {IdOf(device)}.key }}" : "")} }}{Comment(device)}";
        }
    }

    public static JsonArray Json(IReadOnlyList<HeardAdvertiser> devices, TimeProvider time) => new([.. devices.Select(d => (JsonNode)new JsonObject
    {
        ["address"] = d.Address.ToString(),
        ["random"] = d.IsRandom,
        ["device"] = d.Id,
        ["name"] = d.Name,
        ["rssi"] = d.Rssi,
        ["count"] = d.Count,
        ["per-minute"] = Math.Round(d.Rate(time), 1),
        ["decoder"] = d.Format?.Name,
        ["refused"] = d.Refusal,
        ["values"] = new JsonObject(d.Values.Select(static v => KeyValuePair.Create(v.Field, (JsonNode?)Value(v)))),
    })]);

    private static JsonObject Value(in DecodedValue value) => new()
    {
        ["v"] = value.Value.Kind switch
        {
            PointValueKind.Boolean => JsonValue.Create(value.Value.Boolean),
            PointValueKind.Exact => JsonValue.Create(value.Value.Exact),
            PointValueKind.Single or PointValueKind.Double when value.Value.IsFinite => JsonValue.Create(value.Value.Double),
            PointValueKind.Text => JsonValue.Create(value.Value.Text),
            _ => null,
        },
        ["unit"] = value.Unit,
        ["error"] = value.Error,
    };

    /// <summary>The last two bytes of an address tell devices of one maker apart.</summary>
    private static string IdOf(HeardAdvertiser device) => $"{device.Format!.Name}-{device.Address.ToString()[^5..].Replace(':', '-').ToLowerInvariant()}";

    private static string Comment(HeardAdvertiser device)
    {
        var about = device.Refusal ?? (device.Name is { } name ? Words.Safe(name) : null);
        return about is null ? "" : $"   # {about}";
    }
}
