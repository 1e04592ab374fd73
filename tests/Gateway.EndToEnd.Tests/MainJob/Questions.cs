using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>Commands and their answers, from one client's side.</summary>
internal sealed class Questions(Collector client, string topic = "edge/boiler/cmd", string answers = "edge/boiler/response")
{
    private readonly HashSet<string> _seen = [];

    /// <summary>Publishes a document and returns result and reason of its answer.</summary>
    public async Task<(string Result, string? Reason)> AskAsync(string id, string rest, bool retain = false)
    {
        var known = Answers(id).Count;
        await client.PublishAsync(topic, $$"""{"id":"{{id}}",{{rest}}}""", retain: retain);
        return await NextAsync(id, known);
    }

    /// <summary>The answer to this id after so many that came before.</summary>
    public async Task<(string Result, string? Reason)> NextAsync(string id, int known = 0)
    {
        var left = known;
        var answer = (await client.WaitForAsync(m => IsAnswer(m, id) && left-- == 0)).Json;
        return (answer.GetProperty("result").GetString()!, answer.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
    }

    /// <summary>Publishes something that has no id, and returns the next answer that nobody has asked for yet.</summary>
    public async Task<(string Result, string? Reason)> SayAsync(string to, string payload)
    {
        _seen.UnionWith(client.Messages.Where(m => m.Topic == answers).Select(m => m.Payload));
        await client.PublishAsync(to, payload);
        var answer = (await client.WaitForAsync(m => m.Topic == answers && !_seen.Contains(m.Payload))).Json;
        return (answer.GetProperty("result").GetString()!, answer.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
    }

    private List<JsonElement> Answers(string id) => [.. client.Messages.Where(m => IsAnswer(m, id)).Select(m => m.Json)];

    private bool IsAnswer(Received message, string id) => message.Topic == answers && message.Json.GetProperty("id").GetString() == id;
}
