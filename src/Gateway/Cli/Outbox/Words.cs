using System.Globalization;
using System.Text;

namespace Gateway.Cli;

/// <summary>Figures and foreign text for people at a terminal.</summary>
internal static class Words
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Number(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 device</c>, <c>2 devices</c>.</summary>
    public static string Count(int number, string thing) => string.Create(CultureInfo.InvariantCulture, $"{number} {thing}{(number == 1 ? "" : "s")}");

    /// <summary><c>310 KiB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0.#} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GiB"),
    };

    /// <summary>The two largest units: <c>2h 5m</c>.</summary>
    /// <param name="milliseconds">How long.</param>
    public static string Age(long milliseconds)
    {
        var age = TimeSpan.FromMilliseconds(milliseconds);
        return age.TotalMinutes < 1 ? $"{age.Seconds}s" : age.TotalHours < 1 ? $"{age.Minutes}m {age.Seconds}s" : age.TotalDays < 1 ? $"{age.Hours}h {age.Minutes}m" : $"{age.Days}d {age.Hours}h";
    }

    /// <summary>Text that came from outside, so that it cannot steer a terminal: control and format characters are written as escapes.</summary>
    public static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\t' => safe.Append("\\t"),
                '\n' => safe.Append("\\n"),
                '\r' => safe.Append("\\r"),
                _ when IsShown(rune) => safe.Append(rune.ToString()),
                _ => safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
            };
        }

        return safe.ToString();
    }

    /// <summary>The beginning of a payload: text if it is text, else bytes in hexadecimal.</summary>
    /// <param name="payload">All of it.</param>
    /// <param name="most">Characters at most.</param>
    public static string Preview(ReadOnlySpan<byte> payload, int most)
    {
        if (payload.IsEmpty)
        {
            return "(empty)";
        }

        var text = Text(payload);
        var shown = text is null ? Convert.ToHexStringLower(payload[..Math.Min(payload.Length, most / 2)]) : Safe(Cut(text, most));
        var whole = text is null ? payload.Length <= most / 2 : text.Length <= most;
        return $"{(text is null ? "0x" : "")}{shown}{(whole ? "" : " …")}";
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    /// <returns>null: it is not UTF-8, or holds what no text does.</returns>
    private static string? Text(ReadOnlySpan<byte> payload)
    {
        try
        {
            var text = s_strict.GetString(payload);
            return text.AsSpan().ContainsAnyInRange('\0', '\b') || text.AsSpan().ContainsAnyInRange('\u000e', '\u001a') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
