using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Gateway.Cli;

/// <summary>A command whose first line stands in the list of commands, and whose other lines teach below its own <c>--help</c>.</summary>
internal sealed class TaughtCommand(string name, string meaning) : Command(name, meaning.Split('\n', 2)[0].Trim())
{
    private string Lesson { get; } = meaning.Contains('\n') ? meaning.Split('\n', 2)[1].Trim('\n') : "";

    /// <summary>Makes <c>--help</c> of all commands below this one teach.</summary>
    public static void Teach(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new LessonAction((HelpAction)help.Action!);
    }

    private sealed class LessonAction(HelpAction usage) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parsed)
        {
            var code = usage.Invoke(parsed);
            if (parsed.CommandResult.Command is TaughtCommand { Lesson: { Length: > 0 } lesson })
            {
                parsed.InvocationConfiguration.Output.WriteLine(lesson);
                parsed.InvocationConfiguration.Output.WriteLine();
            }

            return code;
        }
    }
}
