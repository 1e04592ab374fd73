using Gateway.Adapters.Modbus;
using Gateway.Simulators;

namespace Gateway.Cli;

/// <summary>What <c>simulate --faults</c> knows.</summary>
internal static class FaultWords
{
    /// <summary>Longer than any sensible timeout of a line.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_dribble = TimeSpan.FromMilliseconds(100);

    private static readonly (string Word, string Meaning, Fault Fault)[] s_words =
    [
        ("late", "answers after 2s", new(FaultKind.Late, s_late)),
        ("silent", "does not answer", new(FaultKind.Silence)),
        ("exception", "says that it failed (exception 4)", new(FaultKind.Exception, Exception: ExceptionCode.ServerDeviceFailure)),
        ("busy", "says that it is busy (exception 6)", new(FaultKind.Exception, Exception: ExceptionCode.ServerDeviceBusy)),
        ("half", "stops in the middle of an answer", new(FaultKind.Half)),
        ("dribble", "sends a byte every 100ms", new(FaultKind.Dribble, s_dribble)),
        ("close", "closes the connection", new(FaultKind.Close)),
        ("stranger", "lets somebody else's answer go first", new(FaultKind.StrangerFirst)),
        ("unit", "answers for another unit", new(FaultKind.WrongUnit)),
        ("function", "answers another function", new(FaultKind.WrongFunction)),
        ("noise", "sends noise before an answer (serial lines)", new(FaultKind.LeadingNoise)),
        ("checksum", "sends a wrong checksum (serial lines)", new(FaultKind.WrongChecksum)),
    ];

    /// <summary>For <c>--help</c>.</summary>
    public static IEnumerable<string> Lesson => s_words.Select(static w => $"  {w.Word,-10} {w.Meaning}");

    /// <param name="text">Words with commas between them; null: nothing goes wrong.</param>
    /// <param name="problem">What is wrong and what to write instead; null: nothing is.</param>
    public static IReadOnlyList<Fault> Parse(string? text, out string? problem)
    {
        problem = null;
        var faults = new List<Fault>();
        foreach (var word in text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (Array.FindIndex(s_words, w => w.Word == word) is >= 0 and var index)
            {
                faults.Add(s_words[index].Fault);
            }
            else
            {
                problem = $"--faults {word}: there are {string.Join(", ", s_words.Select(static w => w.Word))}";
            }
        }

        return faults;
    }

    /// <summary><c>5%</c>.</summary>
    public static bool TryShare(string text, out double share)
    {
        var isNumber = double.TryParse(text.TrimEnd('%'), System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out share);
        share /= 100;
        return isNumber && text.EndsWith('%') && share is > 0 and <= 1;
    }
}
