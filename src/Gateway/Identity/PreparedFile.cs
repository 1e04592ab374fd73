namespace Gateway.Identity;

/// <summary>A file that is written and durable beside the one whose place it shall take: what can go wrong has gone wrong before anything is changed.</summary>
internal sealed class PreparedFile : IDisposable
{
    private readonly string _temporary;
    private readonly string _path;
    private bool _published;

    private PreparedFile(string temporary, string path) => (_temporary, _path) = (temporary, path);

    /// <summary>Writes and syncs it. Mode and owner are those of the file that it shall replace; a new one belongs to the owner of the folder.</summary>
    /// <param name="path">The file to replace; behind a link the file itself.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="newMode">Mode of a file that is new.</param>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static PreparedFile Write(string path, ReadOnlySpan<byte> content, UnixFileMode newMode)
    {
        var isNew = !File.Exists(path);
        path = isNew ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var mode = isNew ? newMode : File.GetUnixFileMode(path);
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var file = new FileStream(temporary, options))
        {
            // What root replaces must stay readable for the gateway's own user.
            if (Environment.IsPrivilegedProcess && FileOwner.Of(isNew ? Path.GetDirectoryName(path)! : path) is { User: var user, Group: var group })
            {
                FileOwner.Give(temporary, user, group);
            }

            File.SetUnixFileMode(file.SafeFileHandle, mode);
            file.Write(content);
            DurableFile.Synchronize(file);
        }

        return new PreparedFile(temporary, path);
    }

    /// <summary>It takes the place, durably.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public void Publish()
    {
        DurableFile.Publish(_temporary, _path);
        _published = true;
    }

    public void Dispose()
    {
        if (!_published)
        {
            File.Delete(_temporary);
        }
    }
}
