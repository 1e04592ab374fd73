using System.Text;

namespace Gateway.Configuration;

/// <summary>Reads a file as text: bounded, UTF-8, without tabs and control characters that YAML does not take.</summary>
internal static class YamlText
{
    /// <summary>4 MiB: some ten thousand points; far below what would hurt a small machine.</summary>
    public const int Largest = 4 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>null: it was reported.</returns>
    public static string? Read(string path, ProblemList problems)
    {
        try
        {
            using var file = File.OpenRead(path);
            // Not its length: a pipe has none.
            var bytes = new byte[Math.Min(Largest, file.CanSeek ? (int)Math.Min(file.Length, Largest) : Largest) + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > Largest ? Refuse(path, problems, $"larger than {Largest >> 20} MiB", "divide it into files of conf.d") : Decode(bytes.AsSpan(0, length), path, problems);
        }
        catch (FileNotFoundException)
        {
            return Refuse(path, problems, "there is no such file", "name an existing file with --config FILE");
        }
        catch (DirectoryNotFoundException)
        {
            return Refuse(path, problems, "there is no such folder", "name an existing file with --config FILE");
        }
        catch (UnauthorizedAccessException)
        {
            var isFolder = Directory.Exists(path);
            return isFolder
                ? Refuse(path, problems, "is a folder", "name the file in it")
                : Refuse(path, problems, "no permission to read it", "let the user of the gateway read it (chgrp, chmod g+r)");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return Refuse(path, problems, $"cannot be read: {e.Message}", "name a readable file with --config FILE");
        }
    }

    private static string? Decode(ReadOnlySpan<byte> bytes, string path, ProblemList problems)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var before = Encoding.UTF8.GetString(bytes[..Math.Clamp(e.Index, 0, bytes.Length)]);
            problems.Error(PositionOf(before, before.Length, path), "not UTF-8 text", "save the file as UTF-8");
            return null;
        }

        return Check(text, path, problems) ? text : null;
    }

    public static bool Check(string text, string path, ProblemList problems)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\t' or '\n' or '\r' or '\u0085'))
            {
                problems.Error(PositionOf(text, i, path), $"a control character (U+{(int)text[i]:X4})", "remove it");
                return false;
            }

            if (text[i] == '\t' && IsIndentation(text, i))
            {
                problems.Error(PositionOf(text, i, path), "a tab in the indentation", "indent with spaces");
                return false;
            }
        }

        return true;
    }

    private static bool IsIndentation(string text, int tab)
    {
        var i = tab;
        while (i > 0 && text[i - 1] is ' ' or '\t')
        {
            i--;
        }

        if (i > 0 && text[i - 1] is not ('\n' or '\r'))
        {
            return false;
        }

        while (tab < text.Length && text[tab] is ' ' or '\t')
        {
            tab++;
        }

        return tab < text.Length && text[tab] is not ('\n' or '\r' or '#');
    }

    private static SourcePosition PositionOf(string text, int index, string path)
    {
        var line = 1 + text.AsSpan(0, index).Count('\n');
        var start = index == 0 ? 0 : text.LastIndexOf('\n', index - 1) + 1;
        return new(path, line, index - start + 1);
    }

    private static string? Refuse(string path, ProblemList problems, string wrong, string instead)
    {
        problems.Error(new(path, 1, 1), wrong, instead);
        return null;
    }
}
