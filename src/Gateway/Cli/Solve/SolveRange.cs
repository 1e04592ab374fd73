using System.Globalization;
using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary><c>--range holding 0-500</c>.</summary>
internal static class SolveRange
{
    /// <summary>Where most devices keep their measurements.</summary>
    public static IReadOnlyList<RegisterRange> Usual { get; } = [new(RegisterSpace.Holding, 0, 500), new(RegisterSpace.Input, 0, 500)];

    /// <param name="words">Pairs of a table and its addresses, as they stand on the command line.</param>
    /// <param name="problem">What is wrong and what to write instead; null: nothing is.</param>
    public static IReadOnlyList<RegisterRange> Parse(IReadOnlyList<string> words, out string? problem)
    {
        problem = null;
        var parts = words.SelectMany(static w => w.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var ranges = new List<RegisterRange>();
        for (var i = 0; i + 1 < parts.Count; i += 2)
        {
            var space = parts[i] switch { "holding" => RegisterSpace.Holding, "input" => RegisterSpace.Input, _ => (RegisterSpace?)null };
            var ends = parts[i + 1].Split('-');
            if (space is null || ends.Length > 2 || !TryAddress(ends[0], out var from) || !TryAddress(ends[^1], out var to) || to < from)
            {
                problem = $"--range {parts[i]} {parts[i + 1]}: write holding or input and addresses from 0 to 65535, for example holding 0-500";
                return [];
            }

            ranges.Add(new(space.Value, from, to - from + 1));
        }

        problem = parts.Count % 2 == 0 ? null : "--range needs a table and its addresses, for example holding 0-500";
        return ranges.Count == 0 ? Usual : ranges;
    }

    private static bool TryAddress(string text, out ushort address) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out address);
}
