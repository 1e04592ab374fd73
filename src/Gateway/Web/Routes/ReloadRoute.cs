using System.Text.Json.Serialization;
using Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>Reads anew what can be read anew while the gateway runs, as SIGHUP does, and says what came of it.</summary>
internal static class ReloadRoute
{
    public const string Path = "/v1/reload";

    public static ControlRoute Create(Func<IReadOnlyList<Problem>> reload) => new(HttpMethods.Post, Path, ControlAccess.Operators, exchange =>
        exchange.AnswerAsync(new ReloadDocument([.. reload().Where(p => !p.IsWarning).Select(p => p.ToString())]), ReloadJson.Default.ReloadDocument));
}

/// <param name="Problems">Why it was not read: everything stays as it was; empty: it was.</param>
internal sealed record ReloadDocument(IReadOnlyList<string> Problems);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(ReloadDocument))]
internal sealed partial class ReloadJson : JsonSerializerContext;
