using Gateway.Broker;

namespace Gateway.Users;

/// <summary>The file with the broker's users, and the one beside it with their roles, as whoever changes them sees them.</summary>
internal static class UsersFile
{
    private const string Name = "users";

    /// <summary>The file with the broker's users, whether it is there or not.</summary>
    public static string Of(GatewayConfiguration configuration) => configuration.Broker.PasswordFile ?? In(configuration.Gateway.Data);

    /// <summary>The users whom the gateway makes by itself.</summary>
    public static string In(string data) => Path.Combine(data, Name);

    public static string RolesBeside(string users) => users + RoleFile.Suffix;
}
