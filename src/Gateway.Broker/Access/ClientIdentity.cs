namespace Gateway.Broker;

/// <summary>As whom a client was let in.</summary>
/// <param name="User">Its user; null: nobody in particular. A name that nothing has proved is no user.</param>
/// <param name="Proof">What its password was verified against; null: by no password.</param>
/// <param name="IsLocal">On this machine, where a gateway without a configured password file asks for no name.</param>
internal sealed record ClientIdentity(string? User, PasswordHash? Proof, bool IsLocal)
{
    public static readonly ClientIdentity Anonymous = new(null, null, IsLocal: false);
}
