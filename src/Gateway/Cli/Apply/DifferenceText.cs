using Gateway.Applying;

namespace Gateway.Cli;

/// <summary>What a configuration changes, for people.</summary>
internal sealed class DifferenceText(TextWriter output)
{
    /// <summary>More lines than anybody reads; the count of the rest says that there is more.</summary>
    private const int MostLines = 200;

    public void Write(ConfigurationDifference difference, string target, bool isRunning)
    {
        if (difference.IsNothing)
        {
            output.WriteLine("it changes nothing of what runs");
            return;
        }

        if (difference.Changes.Count > 0)
        {
            output.WriteLine($"changes to {target}:");
            Lines(difference.Changes);
        }

        if (difference.Effects.Count > 0 && isRunning)
        {
            output.WriteLine("interrupted:");
            Lines(difference.Effects);
        }

        if (difference.NeedsRestart.Count > 0)
        {
            output.WriteLine("only with a restart:");
            Lines(difference.NeedsRestart);
        }
    }

    private void Lines(IReadOnlyList<string> lines)
    {
        foreach (var line in lines.Take(MostLines))
        {
            output.WriteLine($"  {line}");
        }

        if (lines.Count > MostLines)
        {
            output.WriteLine($"  … and {lines.Count - MostLines} more");
        }
    }
}
