using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Machine;

/// <summary>Gives back the pages of program files that only the start needed. What is called for again comes from the file.</summary>
/// <remarks>
/// The kernel maps sixteen pages around each one that is touched, and a start touches code all over the program: two thirds of what is resident then is never needed
/// again. Only mappings that cannot be written and hold nothing of their own are given back, so that nothing can be lost.
/// </remarks>
internal static partial class StartPages
{
    /// <summary>10 s: by then links and bridges have tried to connect for the first time.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(10);

    private const int DontNeed = 4;

    /// <returns>Bytes of the mappings that were given back.</returns>
    public static long GiveBack()
    {
        // The program's own file stays mapped as long as it runs: nothing else can have taken its place meanwhile.
        var total = 0L;
        foreach (var (start, length) in Clean(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath!).ToList())
        {
            total += Advise((nint)start, (nuint)length, DontNeed) == 0 ? length : 0;
        }

        return total;
    }

    /// <summary>Mappings of a file that are read-only and unchanged.</summary>
    /// <param name="smaps">Lines of <c>/proc/PID/smaps</c>.</param>
    /// <param name="path">The file.</param>
    internal static IEnumerable<(long Start, long Length)> Clean(IEnumerable<string> smaps, string path)
    {
        (long Start, long Length)? candidate = null;
        foreach (var line in smaps)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 0 && fields[0][^1] != ':')
            {
                candidate = fields is [var range, "r-xp" or "r--p", ..] && line.EndsWith($" {path}", StringComparison.Ordinal) ? Range(range) : null;
            }
            else if (fields.Length > 1 && fields[0] is "Anonymous:" or "Swap:" && fields[1] != "0")
            {
                // Changed once, when the program was loaded: the file has it otherwise.
                candidate = null;
            }
            else if (fields.Length > 1 && fields[0] == "Swap:" && candidate is { } clean)
            {
                // The last of the two.
                yield return clean;
            }
        }
    }

    private static (long Start, long Length) Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var start = long.Parse(text.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (start, long.Parse(text.AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
