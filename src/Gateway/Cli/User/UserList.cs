using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Users;

namespace Gateway.Cli;

/// <summary><c>edge-gateway user list</c>.</summary>
internal static class UserList
{
    public static Command Create(Option<string> config, IReadOnlyList<IAdapterType> catalog)
    {
        var json = new Option<bool>("--json") { Description = "For programs: [{ user, role }]." };
        var command = new Command("list", "Lists users and roles.") { json };
        command.SetAction(parsed => List(parsed, parsed.GetValue(config)!, catalog, parsed.GetValue(json)));
        return command;
    }

    private static int List(ParseResult parsed, string path, IReadOnlyList<IAdapterType> catalog, bool asJson)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (UserChange.Load(path, catalog, error) is not { } configuration)
        {
            return ExitCode.BadConfiguration;
        }

        var file = UsersFile.Of(configuration);
        var problems = new ProblemList();
        var roles = RoleFile.TryReadBeside(file, problems);
        var users = PasswordFile.TryRead(file, problems);
        if (users is null || roles is null)
        {
            problems.WriteTo(error);

            return ExitCode.Failed;
        }

        var names = users.Names.Order(StringComparer.Ordinal).ToList();
        if (asJson)
        {
            output.WriteLine(JsonOutput.Of(new JsonArray([.. names.Select(n => (JsonNode)new JsonObject { ["user"] = n, ["role"] = roles.RoleOf(n) })])));
            return ExitCode.Done;
        }

        foreach (var name in names)
        {
            output.WriteLine($"{name,-24} {(configuration.Broker.AclFile is { } acl ? $"by {acl}" : roles.RoleOf(name))}");
        }

        return ExitCode.Done;
    }
}
