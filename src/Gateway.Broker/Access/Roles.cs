using System.Collections.Frozen;

namespace Gateway.Broker;

/// <summary>The roles, as rule sets about this gateway's topics.</summary>
public sealed class Roles
{
    public const string Viewer = "viewer";
    public const string Control = "control";
    public const string Bridge = "bridge";
    public const string Admin = "admin";

    private readonly FrozenDictionary<string, Rights> _rights;

    internal Roles(RoleTopics topics)
    {
        AclRule[] read = [new("#", AclAccess.Read)];
        _rights = new Dictionary<string, Rights>
        {
            [Viewer] = new([read]),
            [Control] = new([[.. read, .. topics.Commands.Select(c => new AclRule(c, AclAccess.Write))]]),
            [Bridge] = new([[new($"{topics.Root}/#", AclAccess.Read | AclAccess.Write)]]),
            [Admin] = Rights.All,
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>In the order of what they allow.</summary>
    public static readonly IReadOnlyList<string> Names = [Viewer, Control, Bridge, Admin];

    internal Rights this[string role] => _rights[role];
}

/// <summary>The topics that roles are about.</summary>
/// <param name="Root">First levels of the gateway's topics.</param>
/// <param name="Commands">Filters of the topics by which devices are commanded.</param>
public sealed record RoleTopics(string Root, IReadOnlyList<string> Commands)
{
    public static readonly RoleTopics Default = new("edge", ["edge/+/cmd", "edge/+/set/+", "edge/+/desired"]);
}
