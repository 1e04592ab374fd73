namespace Gateway.Machine;

/// <summary>What the kernel shows of this machine as files. Nothing of it is promised to be there, nor to be readable.</summary>
/// <param name="root">/, or a folder that looks like it.</param>
internal sealed class MachineFiles(string root = "/")
{
    public string Of(string path) => Path.Combine(root, path.TrimStart('/'));

    /// <summary>A file's text without white space around it; null: there is none.</summary>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(Of(path)).Trim('\n', '\r', ' ', '\t', '\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Names in a folder, sorted; empty if there is none.</summary>
    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Of(folder)).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public bool Exists(string path) => Path.Exists(Of(path));

    /// <summary>Where a symbolic link ends, as a path of this machine; null: it is none, or leads nowhere.</summary>
    public string? Resolve(string link)
    {
        try
        {
            var end = File.ResolveLinkTarget(Of(link), returnFinalTarget: true)?.FullName;
            return end is null ? null : root == "/" ? end : "/" + Path.GetRelativePath(root, end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
