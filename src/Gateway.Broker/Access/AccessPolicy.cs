using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Users, their roles and the ACL file as they were read last; never changed, only replaced as a whole.</summary>
/// <param name="Users">null: there are none, and nobody can log in.</param>
/// <param name="RoleFile">Roles of the users.</param>
/// <param name="Acl">null: roles decide. With it the file alone decides, as in Mosquitto.</param>
/// <param name="Roles">What the roles allow.</param>
/// <param name="AdmitsLocal">Whether who connects from this machine needs no user.</param>
/// <param name="AdmitsAnybody">Whether nobody needs one.</param>
/// <param name="NoUsersBecause">Why there are no users although there should be; null: there are, or nobody wanted any.</param>
internal sealed record AccessPolicy(PasswordFile? Users, RoleFile RoleFile, AclFile? Acl, Roles Roles, bool AdmitsLocal, bool AdmitsAnybody, string? NoUsersBecause)
{
    /// <summary>Reads all files that the options name.</summary>
    /// <returns>null: one of them cannot be used, and the problems say why.</returns>
    public static AccessPolicy? TryRead(BrokerOptions options, ProblemList problems)
    {
        PasswordFile? users = null;
        AclFile? acl = null;
        var roles = RoleFile.Empty;
        if (options.Users is { } path)
        {
            users = PasswordFile.TryRead(path, problems);
            roles = RoleFile.TryReadBeside(path, problems);
        }

        if (options.AclFile is { } file)
        {
            acl = AclFile.TryRead(file, problems);
        }

        return problems.HasErrors ? null : new AccessPolicy(
            users, roles!, acl, new Roles(options.RoleTopics), AdmitsLocal: options.PasswordFile is null, AdmitsAnybody: options.Anonymous, options.NoUsersBecause);
    }

    /// <summary>What a client may do.</summary>
    /// <remarks>Without users whoever may connect may do everything; with users, who gives no name is a viewer, unless it is on this machine.</remarks>
    /// <param name="identity">As whom it was let in.</param>
    /// <param name="clientId">Its client identifier.</param>
    public Rights RightsOf(ClientIdentity identity, string clientId) =>
        Acl is { } acl ? acl.RightsOf(identity.User, clientId)
        : identity.User is { } user ? Roles[RoleFile.RoleOf(user)]
        : Users is null || identity.IsLocal ? Rights.All
        : Roles[Roles.Viewer];

    /// <summary>Why a client that was let in as this may not stay.</summary>
    /// <returns>Success: it may.</returns>
    public ReasonCode Judge(ClientIdentity identity)
    {
        if (identity is not { User: { } user, Proof: { } proof })
        {
            return ReasonCode.Success;
        }

        return Users?.HashOf(user) is not { } now ? ReasonCode.NotAuthorized
            : now.IsSame(proof) ? ReasonCode.Success
            : ReasonCode.AdministrativeAction;
    }
}
