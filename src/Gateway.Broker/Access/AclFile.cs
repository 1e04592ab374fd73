using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>The rules of a file in Mosquitto's ACL format: who may publish and be sent what.</summary>
/// <remarks>
/// <c>topic</c> lines below a <c>user</c> line are that user's; those above the first one are for clients without a user name, and for nobody else.
/// <c>pattern</c> lines are for everybody in addition, wherever they stand.
/// </remarks>
public sealed class AclFile
{
    /// <summary>A name with a wildcard in it would turn a pattern into a rule about other clients' topics.</summary>
    private static readonly System.Buffers.SearchValues<char> s_wildcards = System.Buffers.SearchValues.Create("+#");

    private readonly IReadOnlyDictionary<string, IReadOnlyList<AclRule>> _users;
    private readonly IReadOnlyList<AclRule> _anonymous;
    private readonly IReadOnlyList<AclRule> _patterns;

    internal AclFile(IReadOnlyDictionary<string, IReadOnlyList<AclRule>> users, IReadOnlyList<AclRule> anonymous, IReadOnlyList<AclRule> patterns) =>
        (_users, _anonymous, _patterns) = (users, anonymous, patterns);

    /// <summary>Users with rules of their own.</summary>
    public IReadOnlyCollection<string> Users => [.. _users.Keys];

    /// <summary>Reads the file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="problems">Gets everything that is wrong with it.</param>
    /// <returns>null: it cannot be used.</returns>
    public static AclFile? TryRead(string path, ProblemList problems)
    {
        try
        {
            return AclParser.TryParse(path, File.ReadAllLines(path), problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(new SourcePosition(path, 1, 1), $"the acl-file cannot be read: {e.Message.TrimEnd('.')}", $"put it there, readable by {Environment.UserName}");
            return null;
        }
    }

    /// <summary>What a client may do.</summary>
    /// <param name="user">Its user; null: none.</param>
    /// <param name="clientId">Its client identifier.</param>
    internal Rights RightsOf(string? user, string clientId) =>
        new([user is null ? _anonymous : _users.GetValueOrDefault(user, []), PatternsFor(user, clientId)]);

    private List<AclRule> PatternsFor(string? user, string clientId)
    {
        if (clientId.AsSpan().ContainsAny(s_wildcards) || user.AsSpan().ContainsAny(s_wildcards))
        {
            return [];
        }

        var rules = new List<AclRule>(_patterns.Count);
        foreach (var pattern in _patterns)
        {
            if (user is not null || !pattern.Filter.Contains(AclParser.User, StringComparison.Ordinal))
            {
                var filter = pattern.Filter.Replace(AclParser.Client, clientId, StringComparison.Ordinal).Replace(AclParser.User, user, StringComparison.Ordinal);
                rules.Add(pattern with { Filter = filter });
            }
        }

        return rules;
    }
}
