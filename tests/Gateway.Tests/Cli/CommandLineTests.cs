using System.CommandLine;
using Gateway.Adapters;
using Gateway.Cli;

namespace Gateway.Tests.Cli;

/// <summary>What <c>--help</c> says of every command.</summary>
public sealed class CommandLineTests
{
    /// <summary>The list of commands shows one line of each: half a sentence there has lost its end.</summary>
    [Fact]
    public void Every_CommandOptionAndArgument_IsDescribedInWholeSentences() => Assert.All(All(CommandLine.Create(AdapterCatalog.All)), static command =>
    {
        Whole(command.Name, command.Description);
        Assert.All(command.Options.Where(static o => !o.Hidden && o is not System.CommandLine.Help.HelpOption and not VersionOption), o => Whole($"{command.Name} {o.Name}", o.Description));
        Assert.All(command.Arguments, a => Whole($"{command.Name} {a.Name}", a.Description));
    });

    private static void Whole(string what, string? description) =>
        Assert.True(description is { Length: > 0 } && (description.EndsWith('.') || description.EndsWith(')')) && !description.Contains('\n'), $"{what}: {description}");

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
}
