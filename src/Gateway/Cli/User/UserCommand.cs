using System.CommandLine;
using Gateway.Broker;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway user</c>: who may log in to the broker, and what they may do.</summary>
internal static class UserCommand
{
    private const string Meaning = """
        Adds, removes and lists the users of the broker.

        They are kept in the configured password-file, else in the data folder, in mosquitto_passwd's format; either tool may be used.
        What a user may do is their role (viewer, unless another is given), kept in the file of the same name with .roles behind it:

          viewer   reads everything but $SYS
          control  reads everything but $SYS, and may command devices (cmd, set, desired)
          bridge   reads and publishes below the root: another gateway, or a broker
          admin    everything

        With an acl-file the file alone decides, as in Mosquitto, and roles count for nothing.
        A running gateway is told: who was removed, or has a new password, is disconnected.

        With the same password file and the same acl-file Mosquitto lets the same clients publish and read the same topics. What differs is meant:

          a SUBSCRIBE that could never deliver anything is refused (0x80, or 0x87), where Mosquitto grants it and stays silent
          a wrong password is called that (4, or 0x86), where Mosquitto says not authorised (5, or 0x87) for everything
          wrong passwords again and again are answered later and later, and then locked out for a while: a user from an address, and an address
          a file that is broken is refused as a whole, with the line, and what was read before stays in force
        """;

    private static readonly Argument<string> s_name = new("USER") { Description = "The user's name." };

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        config.Recursive = true;
        return new TaughtCommand("user", Meaning) { config, Add(config, catalog), Remove(config, catalog), Password(config, catalog), Role(config, catalog), UserList.Create(config, catalog) };
    }

    private static Command Add(Option<string> config, IReadOnlyList<IAdapterType> catalog)
    {
        var role = new Option<string>("--role") { Description = "What they may do.", DefaultValueFactory = _ => Roles.Viewer };
        role.AcceptOnlyFromAmong([.. Roles.Names]);
        var file = NewPassword.Option();
        var command = new Command("add", "Adds a user.") { s_name, role, file };
        command.SetAction((parsed, cancellation) => UserChange.RunAsync(parsed, config, catalog, mustExist: false, parsed.GetValue(s_name)!, (book, user) =>
        {
            if (NewPassword.TryGet(parsed.GetValue(file), user, parsed.InvocationConfiguration.Output, out var problem) is not { } password)
            {
                return problem;
            }

            book.SetPassword(user, password);
            book.SetRole(user, parsed.GetValue(role)!);
            return null;
        }, cancellation));
        return command;
    }

    private static Command Remove(Option<string> config, IReadOnlyList<IAdapterType> catalog)
    {
        var command = new Command("remove", "Removes a user.") { s_name };
        command.SetAction((parsed, cancellation) => UserChange.RunAsync(parsed, config, catalog, mustExist: true, parsed.GetValue(s_name)!, (book, user) =>
        {
            book.Remove(user);
            return null;
        }, cancellation));
        return command;
    }

    private static Command Password(Option<string> config, IReadOnlyList<IAdapterType> catalog)
    {
        var file = NewPassword.Option();
        var command = new Command("passwd", "Sets a user's password.") { s_name, file };
        command.SetAction((parsed, cancellation) => UserChange.RunAsync(parsed, config, catalog, mustExist: true, parsed.GetValue(s_name)!, (book, user) =>
        {
            if (NewPassword.TryGet(parsed.GetValue(file), user, parsed.InvocationConfiguration.Output, out var problem) is not { } password)
            {
                return problem;
            }

            book.SetPassword(user, password);
            return null;
        }, cancellation));
        return command;
    }

    private static Command Role(Option<string> config, IReadOnlyList<IAdapterType> catalog)
    {
        var role = new Argument<string>("ROLE") { Description = "What they may do from now on." };
        role.AcceptOnlyFromAmong([.. Roles.Names]);
        var command = new Command("role", "Gives a user another role.") { s_name, role };
        command.SetAction((parsed, cancellation) => UserChange.RunAsync(parsed, config, catalog, mustExist: true, parsed.GetValue(s_name)!, (book, user) =>
        {
            book.SetRole(user, parsed.GetValue(role)!);
            return null;
        }, cancellation));
        return command;
    }
}
