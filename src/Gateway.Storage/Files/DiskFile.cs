using Microsoft.Win32.SafeHandles;

namespace Gateway.Storage;

internal sealed class DiskFile : IJournalFile
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    public DiskFile(string path, FileMode mode, FileAccess access)
    {
        _path = path;

        // Shared: the journal's lock file is what keeps others out, and readers open segments beside the writer.
        _handle = File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);
    }

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = RandomAccess.Read(_handle, buffer[filled..], offset + filled);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }

    public void Write(ReadOnlySpan<byte> buffer, long offset) => RandomAccess.Write(_handle, buffer, offset);

    public void Sync() => Libc.Fdatasync(_handle, _path);

    public void Truncate(long length) => RandomAccess.SetLength(_handle, length);

    public void Dispose() => _handle.Dispose();
}
