using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Configuration;

namespace Gateway.Applying;

/// <summary>A configuration that shall run.</summary>
/// <param name="Sources">Its files, as they will be on the disk; paths are absolute.</param>
/// <param name="From">The file that the user named, for status.</param>
/// <param name="WatchSeconds">How long it is watched.</param>
/// <param name="Keep">It stays, even if something goes worse.</param>
internal sealed record ApplyRequest(IReadOnlyList<ConfigurationSource> Sources, string From, double WatchSeconds, bool Keep);

/// <param name="Problems">Why it cannot run here; empty: it can.</param>
/// <param name="Difference">What it would change; null: it cannot run.</param>
internal sealed record PlanDocument(IReadOnlyList<string> Problems, ConfigurationDifference? Difference);

/// <summary>A step of a trial.</summary>
/// <param name="Step">Which one.</param>
/// <param name="Text">For people; null: the step says it all.</param>
/// <param name="Trial">Number of the trial in this process.</param>
/// <param name="NotWell">What is not well, and was not well before or is new.</param>
/// <param name="Worse">What was well and is not.</param>
internal sealed record TrialLine(TrialStep Step, string? Text, int Trial, IReadOnlyList<HealthFault>? NotWell = null, IReadOnlyList<HealthFault>? Worse = null);

[JsonConverter(typeof(JsonStringEnumConverter<TrialStep>))]
internal enum TrialStep
{
    /// <summary>It runs.</summary>
    [JsonStringEnumMemberName("taken-over")]
    TakenOver,

    /// <summary>It is being watched.</summary>
    [JsonStringEnumMemberName("watching")]
    Watching,

    /// <summary>It proved itself: its file is to be written, and then it is to be kept.</summary>
    [JsonStringEnumMemberName("proved")]
    Proved,

    /// <summary>It is the running configuration, and the one for the next start.</summary>
    [JsonStringEnumMemberName("kept")]
    Kept,

    /// <summary>The one before runs again.</summary>
    [JsonStringEnumMemberName("rolled-back")]
    RolledBack,
}

/// <summary>Something that is not well.</summary>
/// <param name="What"><c>device boiler-7</c></param>
/// <param name="Why">For people.</param>
/// <param name="Remedy">What to do; null: nothing is known.</param>
/// <param name="Awaited">true: it speaks by itself and has not yet, which says nothing; null: it is a fault.</param>
internal sealed record HealthFault(string What, string Why, string? Remedy, bool? Awaited = null);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ApplyRequest))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(TrialLine))]
internal sealed partial class ApplyJson : JsonSerializerContext
{
    /// <summary>One document a line.</summary>
    public static ApplyJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
