using System.Globalization;

namespace Gateway.Cli;

/// <summary>The units that a scan asks.</summary>
internal static class UnitList
{
    /// <summary>All that a serial line may have.</summary>
    public static IReadOnlyList<byte> All { get; } = [.. Enumerable.Range(1, 247).Select(static n => (byte)n)];

    /// <summary>Of several hosts: a device that is no gateway to others answers at one of these, most at all (Modbus Messaging on TCP/IP V1.0b §4.4.2.5 names 255 and 0; nearly all have 1).</summary>
    public static IReadOnlyList<byte> OfManyHosts { get; } = [1, 255, 0];

    /// <summary><c>1-32,100</c>.</summary>
    /// <returns>Each once, in the order in which they were named; null: it cannot be understood.</returns>
    public static IReadOnlyList<byte>? Parse(string text)
    {
        var units = new List<byte>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], out var from) || !TryNumber(ends[^1], out var to) || from > to)
            {
                return null;
            }

            units.AddRange(Enumerable.Range(from, to - from + 1).Select(static n => (byte)n));
        }

        return [.. units.Distinct()];
    }

    private static bool TryNumber(string text, out byte number) => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
