namespace Gateway.Cli;

/// <summary>A question at the terminal that Ctrl+C ends.</summary>
internal static class Prompt
{
    /// <summary>Whether somebody can answer.</summary>
    public static bool IsPossible => !Console.IsInputRedirected;

    /// <returns>The line that was typed; null: the input ended.</returns>
    public static async Task<string?> AskAsync(string question, TextWriter error, CancellationToken cancellation)
    {
        error.Write($"{question} ");

        // Reading the console cannot be cancelled; the thread that does it ends with the process.
        return (await Task.Run(Console.ReadLine, cancellation).WaitAsync(cancellation).ConfigureAwait(false))?.Trim();
    }

    public static async Task<bool> IsAgreedAsync(string question, TextWriter error, CancellationToken cancellation) =>
        (await AskAsync($"{question} [y/N]", error, cancellation).ConfigureAwait(false))?.ToLowerInvariant() is "y" or "yes";
}
