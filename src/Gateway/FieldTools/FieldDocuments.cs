using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Core;

namespace Gateway.FieldTools;

/// <summary>A line that the running gateway holds.</summary>
/// <param name="Link">Its id.</param>
/// <param name="Type">Its type in the catalog.</param>
/// <param name="Address">As people write it.</param>
/// <param name="IsOpenToTools">Whether it takes their requests.</param>
internal sealed record FieldLine(string Link, string Type, string Address, bool IsOpenToTools);

/// <param name="Link">On which line.</param>
/// <param name="Target">Whom.</param>
/// <param name="Bytes">The request.</param>
internal sealed record FieldQuestion(string Link, string Target, byte[] Bytes);

/// <summary>A <see cref="FieldReply"/> on its way.</summary>
internal sealed record FieldAnswer(FieldOutcome Outcome, byte[] Bytes, string? Reason, string? Remedy);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<FieldLine>))]
[JsonSerializable(typeof(FieldQuestion))]
[JsonSerializable(typeof(FieldAnswer))]
internal sealed partial class FieldJson : JsonSerializerContext
{
    public static FieldJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter<FieldOutcome>(JsonNamingPolicy.KebabCaseLower) },
    });
}
