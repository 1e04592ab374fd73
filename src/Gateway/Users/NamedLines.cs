using System.Text;
using Gateway.Identity;

namespace Gateway.Users;

/// <summary>A file of <c>name:value</c> lines, of which one is changed and all others stay as they are, comments included.</summary>
internal sealed class NamedLines
{
    private readonly string _path;
    private readonly List<string> _lines;

    private NamedLines(string path, List<string> lines) => (_path, _lines) = (path, lines);

    /// <summary>Reads the file; one that is not there has no lines.</summary>
    public static NamedLines Read(string path) => new(path, File.Exists(path) ? [.. File.ReadAllLines(path)] : []);

    public bool Has(string name) => _lines.Exists(l => IsOf(l, name));

    /// <returns>Whether anything is different now.</returns>
    public bool Set(string name, string value)
    {
        var line = $"{name}:{value}";
        var at = _lines.FindIndex(l => IsOf(l, name));
        if (at < 0)
        {
            _lines.Add(line);
            return true;
        }

        var isNew = _lines[at] != line;
        _lines[at] = line;
        return isNew;
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(string name) => _lines.RemoveAll(l => IsOf(l, name)) > 0;

    /// <summary>Replaces the file so that a power cut leaves the old or the new one; readable by its owner alone if it is new.</summary>
    public void Write() => DurableFile.ReplacePrivate(_path, Encoding.UTF8.GetBytes(string.Concat(_lines.Select(l => l + "\n"))));

    private static bool IsOf(string line, string name) => line.TrimStart().StartsWith(name + ":", StringComparison.Ordinal);
}
