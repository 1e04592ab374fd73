using System.Net;
using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Who may connect, and as whom.</summary>
internal sealed class AccessControl(AccessPolicy policy)
{
    private volatile AccessPolicy _policy = policy;

    public AccessPolicy Policy => _policy;

    /// <summary>From now on these users and rules.</summary>
    public void Replace(AccessPolicy policy) => _policy = policy;

    /// <summary>Decides on a CONNECT.</summary>
    /// <param name="policy">By which.</param>
    /// <param name="connect">With user and password, or not.</param>
    /// <param name="remote">Where it comes from.</param>
    /// <param name="certificateUser">The user whom the client's certificate names; null: it showed none.</param>
    public Admission Check(AccessPolicy policy, ConnectPacket connect, EndPoint? remote, string? certificateUser = null)
    {
        if (certificateUser is not null)
        {
            return connect.Username is null || connect.Username == certificateUser
                ? new(ReasonCode.Success, new ClientIdentity(certificateUser, null, IsLocal: false))
                : Admission.Refused(ReasonCode.NotAuthorized, "the user name is not the one of the certificate; leave it out");
        }

        var users = policy.Users;
        if (connect.Username is { } user && users is not null)
        {
            // Takes as long for a user that does not exist.
            var hash = users.HashOf(user) ?? PasswordHash.Nobody;
            var isRight = hash.Verify(connect.Password.GetValueOrDefault().Span);
            return isRight ? new(ReasonCode.Success, new ClientIdentity(user, hash, IsLocal: false)) : Admission.Refused(ReasonCode.BadUserNameOrPassword);
        }

        // A password file that is configured is meant for this machine too.
        var isLocal = policy.AdmitsLocal && IsLoopback(remote);
        return isLocal || policy.AdmitsAnybody ? new(ReasonCode.Success, new ClientIdentity(null, null, isLocal)) : Admission.Refused(ReasonCode.NotAuthorized, policy.NoUsersBecause);
    }

    private static bool IsLoopback(EndPoint? remote) =>
        remote is IPEndPoint ip && IPAddress.IsLoopback(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address);
}

/// <summary>What came of a CONNECT's credentials.</summary>
/// <param name="Reason">Success, Bad User Name or Password, Not Authorized.</param>
/// <param name="Identity">As whom; only with Success.</param>
/// <param name="Why">For the client, if there is more to say.</param>
internal readonly record struct Admission(ReasonCode Reason, ClientIdentity Identity, string? Why = null)
{
    public static Admission Refused(ReasonCode reason, string? why = null) => new(reason, ClientIdentity.Anonymous, why);
}
