using System.CommandLine;

namespace Gateway.Cli;

/// <summary>Where a new password comes from: asked for at the terminal, or read from a file or standard input. Never an argument: everybody can read those.</summary>
internal static class NewPassword
{
    /// <summary>Characters; guessing is slowed down, and short ones are guessed all the same.</summary>
    private const int Shortest = 8;

    private const string StandardInput = "-";

    public static Option<string?> Option() => new("--password-file")
    {
        Description = "Read the password from the first line of this file; - reads standard input. Without it, it is asked for.",
        HelpName = "FILE",
    };

    /// <returns>null, and why there is none.</returns>
    public static string? TryGet(string? file, string user, TextWriter output, out string? problem)
    {
        var password = file switch
        {
            null when Console.IsInputRedirected => null,
            null => Ask(user, output),
            StandardInput => Console.In.ReadLine(),
            _ => File.ReadLines(file).FirstOrDefault(),
        };
        problem = password is null
                ? file is null ? "there is no terminal to ask for the password at; use --password-file FILE, or - for standard input" : "there is no password in it"
            : password.Length == 0 && file is null ? "the two were not the same; nothing was changed"
            : password.Length < Shortest ? $"a password has at least {Shortest} characters"
            : null;
        return problem is null ? password : null;
    }

    /// <returns>Empty: the two were not the same.</returns>
    private static string Ask(string user, TextWriter output)
    {
        output.Write($"Password of {user}: ");
        var first = ReadHidden(output);
        output.Write("The same again: ");
        return ReadHidden(output) == first ? first : "";
    }

    private static string ReadHidden(TextWriter output)
    {
        var text = new System.Text.StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        output.WriteLine();
        return text.ToString();
    }
}
