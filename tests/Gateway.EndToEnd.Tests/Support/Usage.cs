using System.Diagnostics;
using System.Globalization;

namespace Gateway.EndToEnd.Tests.Support;

/// <summary>What a process has used at one moment, as the kernel counts it.</summary>
/// <param name="Cpu">User and system time since its start; the kernel counts in hundredths of a second.</param>
/// <param name="Megabytes">Resident now.</param>
/// <param name="At">Timestamp.</param>
internal readonly record struct Usage(TimeSpan Cpu, int Megabytes, long At)
{
    private const double TicksPerSecond = 100;

    public static Usage Of(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        var resident = File.ReadLines($"/proc/{process}/status").First(static l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return new(TimeSpan.FromSeconds(ticks / TicksPerSecond), int.Parse(resident, CultureInfo.InvariantCulture) / 1024, Stopwatch.GetTimestamp());
    }

    /// <summary>Share of a core since then, and what it holds now.</summary>
    public string Since(Usage before) => string.Create(CultureInfo.InvariantCulture, $"{(Cpu - before.Cpu) / Stopwatch.GetElapsedTime(before.At, At):0.0 %} of a core, {Megabytes} MB resident");
}
