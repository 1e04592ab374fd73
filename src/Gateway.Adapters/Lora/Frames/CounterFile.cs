using System.Globalization;
using System.Text;
using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Lora;

/// <summary>The counters of nodes with a key, kept over restarts: one line for each, <c>node received sent</c>.</summary>
/// <remarks>
/// What was accepted is written when it is due (<see cref="SaveEvery"/>) and at the end: after a power cut only frames of that last stretch could be played back, once. What is
/// sent is written ahead: a counter is used only below a bound that is on the disk, so no nonce is used twice whatever happens.
/// </remarks>
internal sealed class CounterFile
{
    /// <summary>10 s: one small write for all nodes of a link together.</summary>
    public static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    /// <summary>Counters that one write makes free to use.</summary>
    private const uint Ahead = 64;

    private readonly string _path;
    private readonly SortedDictionary<ushort, Entry> _entries = [];

    private CounterFile(string path) => _path = path;

    /// <summary>Something was accepted since the last write.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Reads it; one that is not there yet is empty.</summary>
    /// <returns>null: it cannot be read; <paramref name="problem"/> says why. Without it nothing is safe, so nothing may be accepted.</returns>
    public static CounterFile? Open(string path, out string? problem)
    {
        var file = new CounterFile(path);
        problem = null;
        try
        {
            var number = 0;
            foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
            {
                number++;
                if (!file.Read(line))
                {
                    problem = $"{path}:{number} is not a node and its two counters";
                    return null;
                }
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>The last accepted counter of a node; null: none.</summary>
    public uint? Received(ushort node) => _entries.TryGetValue(node, out var entry) ? entry.Received : null;

    public void Accepted(ushort node, uint counter)
    {
        _entries[node] = (_entries.TryGetValue(node, out var entry) ? entry : new Entry(null, 0, 0)) with { Received = counter };
        IsDirty = true;
    }

    /// <summary>The counter of the next frame to a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="counter">Never given before.</param>
    /// <returns>Why there is none: what must be written first cannot be, or all are used; null: there is.</returns>
    public string? TryNext(ushort node, out uint counter)
    {
        var entry = _entries.TryGetValue(node, out var known) ? known : new Entry(null, 0, 0);
        counter = entry.Next;
        if (counter == uint.MaxValue)
        {
            return "all counters of this key are used: give the node another key";
        }

        if (counter >= entry.Bound)
        {
            _entries[node] = entry with { Bound = counter > uint.MaxValue - Ahead ? uint.MaxValue : counter + Ahead };
            if (Save() is { } problem)
            {
                _entries[node] = entry;
                return problem;
            }
        }

        _entries[node] = _entries[node] with { Next = counter + 1 };
        return null;
    }

    /// <summary>Writes it beside, syncs, renames, syncs the folder: a power cut leaves the old or the new one.</summary>
    /// <returns>Why it cannot be written; null: it is.</returns>
    public string? Save()
    {
        try
        {
            var text = new StringBuilder();
            foreach (var (node, entry) in _entries)
            {
                text.Append(CultureInfo.InvariantCulture, $"{node} {(entry.Received is { } received ? received.ToString(CultureInfo.InvariantCulture) : "-")} {entry.Bound}\n");
            }

            Libc.ReplaceDurably(_path, Encoding.ASCII.GetBytes(text.ToString()));
            IsDirty = false;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private bool Read(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return true;
        }

        if (words.Length != 3 || !ushort.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var node) || !uint.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sent))
        {
            return false;
        }

        var hasReceived = uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var received);
        if (!hasReceived && words[1] != "-")
        {
            return false;
        }

        // What was free to use before may have been used.
        return _entries.TryAdd(node, new(hasReceived ? received : null, sent, sent));
    }

    /// <param name="Received">The last accepted counter; null: none.</param>
    /// <param name="Next">Counter of the next frame to the node.</param>
    /// <param name="Bound">On the disk: counters below it may be used.</param>
    private readonly record struct Entry(uint? Received, uint Next, uint Bound);
}
