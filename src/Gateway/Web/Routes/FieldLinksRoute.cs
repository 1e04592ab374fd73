using Gateway.FieldTools;
using Gateway.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>Which lines this gateway holds, for tools that want to use one.</summary>
internal static class FieldLinksRoute
{
    public const string Path = "/v1/field";

    public static ControlRoute Create(Field field) => new(HttpMethods.Get, Path, ControlAccess.Operators, exchange =>
        exchange.AnswerAsync([.. field.Links.Select(static l => new FieldLine(l.Options.Id, l.Options.Type, l.Options.Address, l.Adapter is Core.IFieldAccess))], FieldJson.Lines.IReadOnlyListFieldLine));
}
