using Gateway.Core;
using Gateway.Web;

namespace Gateway.FieldTools;

/// <summary>A line that the running gateway holds: requests go through its control socket.</summary>
internal sealed class RemoteField(ControlClient client, string link) : IFieldAccess
{
    public async ValueTask<FieldReply> AskAsync(FieldRequest request, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new FieldQuestion(link, request.Target, request.Bytes.ToArray()), FieldJson.Lines.FieldQuestion));
        try
        {
            var answer = await client.AskAsync(HttpMethod.Post, FieldAskRoute.Path, FieldJson.Lines.FieldAnswer, cancellation, content).ConfigureAwait(false);
            return new FieldReply(answer.Outcome, answer.Bytes, answer.Reason, answer.Remedy);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // It may have been carried out before the answer was lost.
            return new FieldReply(FieldOutcome.Unanswered, default, "the gateway stopped or was restarted meanwhile", "ask again when it is up");
        }
    }

    /// <summary>The gateway knows, and logs it.</summary>
    public string? Change(FieldRequest request) => null;
}
