using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Benchmarks.Outbox;

/// <summary>What the disk can do: whole 4 KiB blocks of a file of zeros overwritten round and round, an fdatasync after each write.</summary>
internal sealed partial class RawLoop : IStore
{
    private const int Block = 4096;
    private const int Size = 8 << 20;

    private readonly SafeFileHandle _file;
    private readonly byte[] _bytes = new byte[Size];
    private long _offset;

    public RawLoop(string folder)
    {
        _file = File.OpenHandle(Path.Combine(folder, "raw"), FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.Write(_file, _bytes, 0);
        Sync();
        new Random(1).NextBytes(_bytes);
    }

    public long Append(int waiting, TimeSpan time, AckTimes acks)
    {
        var length = ((waiting * Workload.Bytes) + Block - 1) / Block * Block;
        var count = 0L;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time; count += waiting)
        {
            _offset = _offset + length > Size ? 0 : _offset;
            var before = Stopwatch.GetTimestamp();
            RandomAccess.Write(_file, _bytes.AsSpan(0, length), _offset);
            Sync();
            acks.Add(Stopwatch.GetTimestamp() - before, waiting);
            _offset += length;
        }

        return count;
    }

    public void Dispose() => _file.Dispose();

    private void Sync()
    {
        if (Fdatasync((int)_file.DangerousGetHandle()) != 0)
        {
            throw new IOException($"fdatasync: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(int file);
}
