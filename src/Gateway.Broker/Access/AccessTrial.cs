using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>Tries what users may do, with the files and rules by which a running broker decides, without one.</summary>
public sealed class AccessTrial
{
    private readonly AccessPolicy _policy;
    private readonly string? _aclFile;

    private AccessTrial(AccessPolicy policy, string? aclFile) => (_policy, _aclFile) = (policy, aclFile);

    public IReadOnlyCollection<string> Users => _policy.Users?.Names ?? [];

    /// <summary>Reads all files that the options name.</summary>
    /// <returns>null: one of them cannot be used, and the problems say why.</returns>
    public static AccessTrial? TryRead(BrokerOptions options, ProblemList problems) =>
        AccessPolicy.TryRead(options, problems) is { } policy ? new AccessTrial(policy, options.AclFile) : null;

    /// <summary>Where the user's rights come from: <c>role viewer</c>, or the acl-file.</summary>
    public string SourceOf(string user) => _aclFile ?? $"role {_policy.RoleFile.RoleOf(user)}";

    /// <param name="user">Logged in, with its own name as client identifier.</param>
    /// <param name="topic">Of a message that would be delivered.</param>
    public bool MayRead(string user, string topic) => RightsOf(user).MayRead(topic);

    /// <inheritdoc cref="MayRead"/>
    public bool MayWrite(string user, string topic) => RightsOf(user).MayWrite(topic);

    private Rights RightsOf(string user) => _policy.RightsOf(new ClientIdentity(user, null, IsLocal: false), user);
}
