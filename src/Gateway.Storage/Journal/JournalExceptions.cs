namespace Gateway.Storage;

/// <summary>The journal cannot be opened. Waiting does not help: the daemon says why and exits with 1.</summary>
public class JournalException : Exception
{
    public JournalException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Another process works on this journal.</summary>
public sealed class JournalLockedException(string path, int process, string name)
    : JournalException($"{path} is held by process {process} ({name}): stop that one first, or give this gateway another data folder")
{
    /// <summary>The holder's process id; 0 if it did not say.</summary>
    public int Process { get; } = process;

    public string Name { get; } = name;
}

/// <summary>The journal was written by a newer version.</summary>
public sealed class JournalVersionException(string path, uint found, uint supported)
    : JournalException($"{path} has format {found}, this program reads up to {supported}: install the newer version again, or start with another data folder")
{
    public uint Found { get; } = found;

    public uint Supported { get; } = supported;
}
