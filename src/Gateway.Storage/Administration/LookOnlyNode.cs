namespace Gateway.Storage;

/// <summary>One file: what it really holds, and the pages that were written over it.</summary>
/// <param name="open">Opens what it really holds; null: nothing.</param>
/// <param name="forgets">What is written is not read again.</param>
internal sealed class LookOnlyNode(Func<IJournalFile>? open, bool forgets)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, byte[]> _pages = [];
    private bool _seen;

    public long Length { get; private set; }

    public LookOnlyFile Open()
    {
        var real = open?.Invoke();
        lock (_lock)
        {
            Length = _seen ? Length : real?.Length ?? 0;
            _seen = true;
        }

        return new LookOnlyFile(this, real);
    }

    public int Read(IJournalFile? real, Span<byte> buffer, long offset)
    {
        lock (_lock)
        {
            buffer = buffer[..(int)Math.Clamp(Length - offset, 0, buffer.Length)];
            buffer[(real?.Read(buffer, offset) ?? 0)..].Clear();
            for (var done = 0; done < buffer.Length;)
            {
                var (page, within, length) = Place(offset + done, buffer.Length - done);
                if (_pages.TryGetValue(page, out var bytes))
                {
                    bytes.AsSpan(within, length).CopyTo(buffer[done..]);
                }

                done += length;
            }

            return buffer.Length;
        }
    }

    public void Write(IJournalFile? real, ReadOnlySpan<byte> buffer, long offset)
    {
        lock (_lock)
        {
            Length = Math.Max(Length, offset + buffer.Length);
            for (var done = 0; done < buffer.Length && !forgets;)
            {
                var (page, within, length) = Place(offset + done, buffer.Length - done);
                Write(real, page, within, buffer.Slice(done, length));
                done += length;
            }
        }
    }

    public void Truncate(long length)
    {
        lock (_lock)
        {
            Length = length;
        }
    }

    private static (long Page, int Within, int Length) Place(long offset, int left)
    {
        var within = (int)(offset % Layout.Block);
        return (offset / Layout.Block, within, Math.Min(left, Layout.Block - within));
    }

    private void Write(IJournalFile? real, long page, int within, ReadOnlySpan<byte> part)
    {
        if (!_pages.TryGetValue(page, out var bytes))
        {
            // Zeros that are written ahead cost nothing.
            if (real is null && !part.ContainsAnyExcept((byte)0))
            {
                return;
            }

            bytes = new byte[Layout.Block];
            _ = real?.Read(bytes, page * Layout.Block);
            _pages.Add(page, bytes);
        }

        part.CopyTo(bytes.AsSpan(within));
    }
}

/// <summary>Somebody who has the file open.</summary>
internal sealed class LookOnlyFile(LookOnlyNode node, IJournalFile? real) : IJournalFile
{
    public long Length => node.Length;

    public int Read(Span<byte> buffer, long offset) => node.Read(real, buffer, offset);

    public void Write(ReadOnlySpan<byte> buffer, long offset) => node.Write(real, buffer, offset);

    public void Sync()
    {
        // There is nothing to survive a power cut.
    }

    public void Truncate(long length) => node.Truncate(length);

    public void Dispose() => real?.Dispose();
}
