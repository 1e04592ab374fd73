using System.Net;
using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Who may connect.</summary>
internal sealed class AccessControl(bool anonymous, PasswordFile? users)
{
    private volatile PasswordFile? _users = users;

    /// <summary>From now on these users; connections stay.</summary>
    public void Replace(PasswordFile users) => _users = users;

    /// <returns>Success, Bad User Name or Password, or Not Authorized.</returns>
    public ReasonCode Check(ConnectPacket connect, EndPoint? remote)
    {
        var users = _users;
        if (users is null)
        {
            return anonymous || IsLoopback(remote) ? ReasonCode.Success : ReasonCode.NotAuthorized;
        }

        if (connect.Username is not { } user)
        {
            return anonymous ? ReasonCode.Success : ReasonCode.NotAuthorized;
        }

        return users.Verify(user, connect.Password.GetValueOrDefault().Span) ? ReasonCode.Success : ReasonCode.BadUserNameOrPassword;
    }

    private static bool IsLoopback(EndPoint? remote) =>
        remote is IPEndPoint ip && IPAddress.IsLoopback(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address);
}
