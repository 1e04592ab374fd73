using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Storage;

/// <summary>What was found when a <see cref="KeptFile"/> was opened.</summary>
public enum KeptFinding : byte
{
    /// <summary>There is no such file.</summary>
    None,

    /// <summary>It was read.</summary>
    Whole,

    /// <summary>There is one, and it cannot be read, or no slot of it is whole.</summary>
    Damaged,
}

/// <summary>A small state in a file of its own, written again and again: in place, into two slots that take turns, so that a power cut at any moment leaves the old or the new one.</summary>
/// <remarks>
/// <code>
/// 0   8  magic
/// 8   8  serial number, u64: the higher one of two whole slots holds
/// 16  4  number of the gateway's start that wrote it, u32
/// 20  4  length of the content, u32
/// 24  4  CRC32C of all before it and of the content
/// 28  n  content
/// </code>
/// Numbers are little-endian. In place, because a save then costs the blocks that it fills and one fdatasync, where a new file under the old name costs several times that on a card; and because a disk
/// that has become full meanwhile is no hindrance. The second slot begins in the middle of the file, 16 KiB at least behind the end of the first: a card that tears the page before the one that it
/// writes tears what is not in use. For one caller at a time.
/// </remarks>
public sealed class KeptFile
{
    private const ulong Magic = 0x3130_5450_454B_5747;
    private const int SumAt = 24;
    private const int HeaderLength = 28;

    /// <summary>16 KiB: a flash card's page.</summary>
    private const int Page = 16 << 10;

    /// <summary>More is no small state, whatever the file's length says.</summary>
    private const int Longest = 8 << 20;

    private readonly IJournalFiles _files;
    private readonly string _path;
    private readonly uint _start;
    private readonly Action<long>? _wrote;
    private ulong _serial;
    private int _slot;

    private KeptFile(IJournalFiles files, string path, uint start, Action<long>? wrote) => (_files, _path, _start, _wrote) = (files, path, start, wrote);

    public KeptFinding Finding { get; private set; }

    /// <summary>Why it is <see cref="KeptFinding.Damaged"/>, for people; null: it is not.</summary>
    public string? Problem { get; private set; }

    /// <summary>What was read; empty unless <see cref="KeptFinding.Whole"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>Number of the gateway's start that wrote it.</summary>
    public uint WrittenBy { get; private set; }

    /// <summary>Reads it. Never throws for what the disk holds, or does not want to show.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file; its folder is made when it is written.</param>
    /// <param name="start">Number of this start of the gateway.</param>
    /// <param name="wrote">Gets the bytes of each write, in whole blocks: the wear of the card.</param>
    public static KeptFile Open(IJournalFiles files, string path, uint start, Action<long>? wrote = null)
    {
        var file = new KeptFile(files, path, start, wrote);
        try
        {
            file.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (file.Finding, file.Problem) = (KeptFinding.Damaged, e.Message.TrimEnd('.'));
        }

        return file;
    }

    /// <summary>Replaces the content; durable when it returns.</summary>
    /// <exception cref="IOException">The disk is full, fails, or is read-only: what was kept before is still kept.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void Save(ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, Longest);
        var bytes = new byte[HeaderLength + content.Length];
        WriteUInt64LittleEndian(bytes, Magic);
        WriteUInt64LittleEndian(bytes.AsSpan(8), _serial + 1);
        WriteUInt32LittleEndian(bytes.AsSpan(16), _start);
        WriteInt32LittleEndian(bytes.AsSpan(20), content.Length);
        content.CopyTo(bytes.AsSpan(HeaderLength));
        WriteUInt32LittleEndian(bytes.AsSpan(SumAt), Sum(bytes));
        if (_slot == 0 || bytes.Length + Page > _slot)
        {
            WriteAnew(bytes);
        }
        else
        {
            using var file = _files.Open(_path);
            file.Write(bytes, (long)((_serial + 1) % 2) * _slot);
            file.Sync();
            _wrote?.Invoke((bytes.Length + Layout.Block - 1) / Layout.Block * Layout.Block);
        }

        _serial++;
    }

    private static uint Sum(ReadOnlySpan<byte> slot) => ~Checksum.Extend(Checksum.Extend(Checksum.Start, slot[..SumAt]), slot[HeaderLength..]);

    private void Read()
    {
        var folder = Path.GetDirectoryName(_path)!;
        if (!_files.List(folder).Contains(_path))
        {
            return;
        }

        using var file = _files.OpenRead(_path);
        var length = file.Length;
        var bytes = new byte[Math.Min(length, 2 * (Longest + Page))];
        bytes = bytes[..SalvageRead.Read(file, bytes, 0)];
        var slot = (int)(length / 2);
        (var first, var second) = (Whole(bytes, 0, slot), Whole(bytes, slot, slot));
        if (first < 0 && second < 0)
        {
            (Finding, Problem) = (KeptFinding.Damaged, "its content is damaged");
            return;
        }

        var isFirst = second < 0 || (first >= 0 && Serial(bytes, 0) > Serial(bytes, slot));
        var at = isFirst ? 0 : slot;
        (Finding, Content, WrittenBy) = (KeptFinding.Whole, bytes.AsMemory(at + HeaderLength, isFirst ? first : second), ReadUInt32LittleEndian(bytes.AsSpan(at + 16)));
        _serial = Serial(bytes, at);

        // Slots take turns by their serial's last bit; a file in which they do not is written anew.
        _slot = (long)(_serial % 2) * slot == at ? slot : 0;
    }

    private static ulong Serial(ReadOnlySpan<byte> bytes, int at) => ReadUInt64LittleEndian(bytes[(at + 8)..]);

    /// <returns>Length of the content of a slot; −1: it is not whole.</returns>
    private static int Whole(ReadOnlySpan<byte> bytes, int at, int slot)
    {
        if (bytes.Length - at < HeaderLength || slot < HeaderLength || ReadUInt64LittleEndian(bytes[at..]) != Magic)
        {
            return -1;
        }

        var length = ReadInt32LittleEndian(bytes[(at + 20)..]);
        return length >= 0 && length <= Math.Min(slot, bytes.Length - at) - HeaderLength && ReadUInt32LittleEndian(bytes[(at + SumAt)..]) == Sum(bytes.Slice(at, HeaderLength + length)) ? length : -1;
    }

    /// <summary>The first time, and when the content has outgrown its slot: beside, with room to grow, and then under the old name. Zeros are written where nothing stands yet.</summary>
    private void WriteAnew(ReadOnlySpan<byte> bytes)
    {
        var folder = Path.GetDirectoryName(_path)!;
        var temporary = _path + ".new";
        _files.CreateFolder(folder);
        _files.SyncFolder(Path.GetDirectoryName(folder)!);
        if (_files.List(folder).Contains(temporary))
        {
            _files.Delete(temporary);
        }

        var slot = ((2 * bytes.Length) + Page + Page - 1) / Page * Page;
        var all = new byte[2 * slot];
        bytes.CopyTo(all.AsSpan((int)((_serial + 1) % 2) * slot));
        using (var file = _files.Open(temporary))
        {
            file.Write(all, 0);
            file.Sync();
        }

        if (Finding == KeptFinding.Damaged && _slot == 0 && _files.List(folder).Contains(_path))
        {
            // Somebody may want to look at it.
            _files.Rename(_path, _path + ".damaged");
        }

        _files.Rename(temporary, _path);
        _slot = slot;
        _files.SyncFolder(folder);
        _wrote?.Invoke(all.Length);
    }
}
