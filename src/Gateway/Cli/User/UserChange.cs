using System.CommandLine;
using Gateway.Core;
using Gateway.Users;

namespace Gateway.Cli;

/// <summary>One change of the users: checked, carried out, told to the gateway.</summary>
internal static class UserChange
{
    /// <param name="parsed">The command line.</param>
    /// <param name="config">Names the configuration.</param>
    /// <param name="catalog">The protocols that are built.</param>
    /// <param name="mustExist">Whether the user must be there, or must not.</param>
    /// <param name="name">The user.</param>
    /// <param name="change">Carries it out; says why it did not.</param>
    /// <param name="cancellation">Ctrl+C.</param>
    /// <returns>Exit code.</returns>
    public static async Task<int> RunAsync(
        ParseResult parsed, Option<string> config, IReadOnlyList<IAdapterType> catalog, bool mustExist, string name, Func<UserBook, string, string?> change, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (UserName.Problem(name) is { } unusable)
        {
            error.WriteLine(unusable);
            return ExitCode.WrongUsage;
        }

        if (Load(parsed.GetValue(config)!, catalog, error) is not { } configuration)
        {
            return ExitCode.BadConfiguration;
        }

        var users = UsersFile.Of(configuration);
        try
        {
            using var book = UserBook.Open(users);
            var problem = mustExist && !book.Has(name) ? $"there is no user {name} in {users}; edge-gateway user list shows who is there"
                : !mustExist && book.Has(name) ? $"the user {name} is already in {users}; edge-gateway user passwd {name} sets its password, user role its role"
                : change(book, name);
            if (problem is not null)
            {
                error.WriteLine(problem);
                return ExitCode.Failed;
            }

            FirstUser.Tidy(configuration.Gateway.Data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{e.Message.TrimEnd('.')}; run it as root, or as the user that {users} belongs to");
            return ExitCode.Failed;
        }

        if (configuration.Broker.AclFile is { } acl)
        {
            output.WriteLine($"note: roles count for nothing here, {acl} decides who may do what");
        }

        output.WriteLine(await RunningGateway.ReloadAsync(configuration.Gateway.Data, cancellation).ConfigureAwait(false));
        return ExitCode.Done;
    }

    /// <returns>null: it is wrong, which has been told.</returns>
    public static GatewayConfiguration? Load(string path, IReadOnlyList<IAdapterType> catalog, TextWriter error)
    {
        var (configuration, problems) = ConfigurationLoader.Load(path, catalog);
        if (configuration is null)
        {
            problems.WriteTo(error);
        }

        return configuration;
    }
}
