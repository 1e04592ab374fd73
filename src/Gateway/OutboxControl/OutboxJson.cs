using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.OutboxControl;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(OutboxListing))]
[JsonSerializable(typeof(OutboxLine))]
[JsonSerializable(typeof(DropReport))]
[JsonSerializable(typeof(RepairLine))]
internal sealed partial class OutboxJson : JsonSerializerContext
{
    /// <summary>One document a line; nothing here becomes part of a web page, so that units stay readable.</summary>
    public static OutboxJson Lines { get; } = new(Style(indented: false));

    /// <summary>For programs, which people can read too.</summary>
    public static OutboxJson Readable { get; } = new(Style(indented: true));

    private static JsonSerializerOptions Style(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
    };
}
