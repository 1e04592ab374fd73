using System.Text.Json.Serialization;

namespace Gateway.Web;

/// <summary>The answer of <c>/healthz</c> and <c>/readyz</c>.</summary>
/// <param name="Status">ok or failed.</param>
/// <param name="Parts">Each part: ok, or what is wrong.</param>
internal sealed record HealthReport(string Status, Dictionary<string, string> Parts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
