using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;

namespace Gateway.Cli;

/// <summary>How a serial line may speak, the likeliest first.</summary>
internal static class SerialFormats
{
    /// <summary>9600 without parity is what most meters leave the factory with; 19200 with even parity is Modbus's own default.</summary>
    private static readonly (int Baud, Parity Parity)[] s_usual = [(9600, Parity.None), (19200, Parity.Even), (9600, Parity.Even), (19200, Parity.None)];

    /// <param name="bauds">As on the command line; null: nothing was said.</param>
    /// <param name="parities">As on the command line; null: nothing was said.</param>
    /// <param name="line">The line that the options describe; null: a link of the configuration.</param>
    /// <param name="isOpen">Nothing was said of how that line speaks.</param>
    /// <param name="problem">What is wrong and what to write instead.</param>
    /// <returns>The lines to try; null stands for what the options name.</returns>
    public static IReadOnlyList<ModbusLinkOptions?>? Parse(string? bauds, string? parities, ModbusLinkOptions? line, bool isOpen, out string? problem)
    {
        problem = null;
        if (line is not ModbusSerialOptions serial)
        {
            problem = bauds is null && parities is null ? null : "--bauds and --parities belong to --serial-port; a link has its own in the configuration";
            return problem is null ? [null] : null;
        }

        if (bauds is null && parities is null)
        {
            return isOpen ? [.. s_usual.Select(f => With(serial, f.Baud, f.Parity))] : [null];
        }

        var speeds = (bauds ?? "9600,19200").Split(',', StringSplitOptions.TrimEntries);
        var words = (parities ?? "none,even").Split(',', StringSplitOptions.TrimEntries);
        if (Array.Find(speeds, static s => !int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n is < 50 or > 4_000_000) is { } speed)
        {
            problem = $"--bauds {speed}: write numbers with commas between them, for example 2400,9600";
            return null;
        }

        if (Array.Find(words, static w => Parities.Of(w) is null) is { } word)
        {
            problem = $"--parities {word}: write none, even or odd, with commas between them";
            return null;
        }

        return
        [
            .. from s in speeds
               from w in words
               select With(serial, int.Parse(s, CultureInfo.InvariantCulture), Parities.Of(w)!.Value),
        ];
    }

    private static ModbusSerialOptions With(ModbusSerialOptions line, int baud, Parity parity) => line with { Serial = line.Serial with { Baud = baud, Parity = parity } };
}
