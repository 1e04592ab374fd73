namespace Gateway.Verification;

/// <summary>Which topics carry gaps and ledgers, and of which gateway and stream.</summary>
/// <param name="templates">Templates that are configured otherwise, with <c>{id}</c> and <c>{stream}</c> as levels; the default ones are always understood.</param>
internal sealed class ReportTopics(IReadOnlyList<string> templates)
{
    private readonly string[][] _templates = [.. templates.Select(static t => t.Split('/'))];

    /// <summary>Nothing is configured otherwise.</summary>
    public static ReportTopics Default { get; } = new([]);

    /// <summary>Gateway and, for a ledger, stream; null: it is another topic.</summary>
    public (string Gateway, string? Stream)? Match(string topic)
    {
        var levels = topic.Split('/');
        if (levels is [.., "gateways", var gapOf, "gaps"] && MessageIdentity.IsName(gapOf))
        {
            return (gapOf, null);
        }

        if (levels is [.., "gateways", var ledgerOf, "streams", var stream] && MessageIdentity.IsName(ledgerOf) && MessageIdentity.IsName(stream))
        {
            return (ledgerOf, stream);
        }

        foreach (var template in _templates)
        {
            if (Match(template, levels) is { } match)
            {
                return match;
            }
        }

        return null;
    }

    private static (string Gateway, string? Stream)? Match(string[] template, string[] levels)
    {
        string? gateway = null, stream = null;
        if (template.Length != levels.Length)
        {
            return null;
        }

        for (var i = 0; i < levels.Length; i++)
        {
            switch (template[i])
            {
                case "{id}" when MessageIdentity.IsName(levels[i]): gateway = levels[i]; break;
                case "{stream}" when MessageIdentity.IsName(levels[i]): stream = levels[i]; break;
                case var literal when literal == levels[i]: break;
                default: return null;
            }
        }

        return gateway is null ? null : (gateway, stream);
    }
}
