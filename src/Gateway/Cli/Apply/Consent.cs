namespace Gateway.Cli;

/// <summary>Asks a person before something is done.</summary>
internal static class Consent
{
    /// <param name="given">It was given on the command line.</param>
    /// <param name="question">What shall be done.</param>
    /// <param name="error">Where it is asked.</param>
    /// <returns>null: yes; else the exit code.</returns>
    public static int? Ask(bool given, string question, TextWriter error)
    {
        if (given)
        {
            return null;
        }

        if (Console.IsInputRedirected)
        {
            error.WriteLine("edge-gateway: apply asks first, and there is no terminal to ask on; add --yes");
            return ExitCode.WrongUsage;
        }

        error.Write($"{question} [y/N] ");
        if (Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes")
        {
            return null;
        }

        error.WriteLine("nothing was changed");
        return ExitCode.Failed;
    }
}
