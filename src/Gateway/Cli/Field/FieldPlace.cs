using Gateway.Adapters.Modbus;
using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary>What a field tool is to look at: a register, or a device of the configuration or one of its points.</summary>
/// <param name="Register">The register; null: a device is meant.</param>
/// <param name="Device">Id of the device.</param>
/// <param name="Point">Id of the point; null: all of them.</param>
internal sealed record FieldPlace(RegisterAddress? Register, string? Device = null, string? Point = null)
{
    public const string Meaning = "A register (holding 100), or a device of the configuration and one of its points (boiler-7 setpoint).";

    private static readonly string[] s_spaces = [.. Enum.GetValues<RegisterSpace>().Select(static s => s.Word())];

    /// <param name="words">As they stand on the command line; the words coil, discrete, input and holding name tables, never devices.</param>
    /// <param name="problem">What is wrong and what to write instead; null with a place.</param>
    public static FieldPlace? Parse(IReadOnlyList<string> words, out string? problem)
    {
        var parts = words.SelectMany(static w => w.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var isRegister = parts.Count > 0 && (s_spaces.Contains(parts[0]) || char.IsAsciiDigit(parts[0][0]) && parts[0].All(char.IsAsciiDigit));
        if (isRegister)
        {
            var problems = new ProblemList();
            var isRead = new RegisterKind().TryRead(new ScalarNode(default, string.Join(' ', parts), IsPlain: false), problems, out var register);
            problem = isRead ? null : $"{problems.All[0].Wrong}; {problems.All[0].Instead}";
            return isRead ? new FieldPlace(register) : null;
        }

        problem = parts.Count is 1 or 2 ? null : "name a register, for example holding 100, or a device of the configuration and one of its points";
        return problem is null ? new FieldPlace(null, parts[0], parts.Count == 2 ? parts[1] : null) : null;
    }
}
