namespace Gateway;

/// <summary>Where the users are whom the gateway makes by itself.</summary>
internal static class UsersFile
{
    private const string Name = "users";

    /// <summary>The file with the broker's users, whether it is there or not.</summary>
    public static string Of(GatewayConfiguration configuration) => configuration.Broker.PasswordFile ?? Path.Combine(configuration.Gateway.Data, Name);
}
