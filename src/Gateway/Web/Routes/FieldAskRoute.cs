using Gateway.Core;
using Gateway.FieldTools;
using Gateway.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Web;

/// <summary>Carries out a tool's request on a line that this gateway holds, between its polls. What changes something in the field is logged with who wanted it.</summary>
internal static class FieldAskRoute
{
    public const string Path = "/v1/field/ask";

    public static ControlRoute Create(Field field, ILogger log) => new(HttpMethods.Post, Path, ControlAccess.Operators, async exchange =>
    {
        var question = await exchange.ReadAsync(FieldJson.Lines.FieldQuestion).ConfigureAwait(false);
        if (field.Links.FirstOrDefault(l => l.Options.Id == question.Link) is not { } link)
        {
            throw new ControlException(ControlProblem.NotFound, $"the gateway holds no link {question.Link} any more", "ask again: its configuration was changed meanwhile");
        }

        if (link.Adapter is not IFieldAccess access)
        {
            throw new ControlException(ControlProblem.BadRequest, $"a {link.Options.Type} link takes no requests of tools", "name another link");
        }

        var request = new FieldRequest(question.Target, question.Bytes);
        var change = access.Change(request);
        var reply = await access.AskAsync(request, exchange.Cancellation).ConfigureAwait(false);
        if (change is not null)
        {
            WebLog.FieldChanged(log, $"user {exchange.Peer.User}", question.Link, change, reply.Reason ?? $"answered {Convert.ToHexString(reply.Bytes.Span)}");
        }

        await exchange.AnswerAsync(new FieldAnswer(reply.Outcome, reply.Bytes.ToArray(), reply.Reason, reply.Remedy), FieldJson.Lines.FieldAnswer).ConfigureAwait(false);
    });
}
