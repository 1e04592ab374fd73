using System.Text;

namespace Gateway.Adapters.Lora;

/// <summary>Modems whose records are lines of printable ASCII.</summary>
internal abstract class LineFramer : ModemFramer
{
    /// <summary>1 KiB: 255 bytes in hexadecimal and what stands around them, twice.</summary>
    protected const int LongestLine = 1024;

    /// <summary>What comes belongs to something that was damaged, up to the end of its line.</summary>
    protected bool IsSkipping { get; set; }

    public override void Reset()
    {
        base.Reset();
        IsSkipping = false;
    }

    protected override int Take(ReadOnlySpan<byte> bytes, bool isIdle, IModemSink sink) => TakeLine(bytes, isIdle, sink);

    protected int TakeLine(ReadOnlySpan<byte> bytes, bool isIdle, IModemSink sink)
    {
        var end = bytes[..Math.Min(bytes.Length, LongestLine)].IndexOf((byte)'\n');
        if (end < 0 && bytes.Length >= LongestLine)
        {
            IsSkipping = true;
            sink.Noise(LongestLine);
            return LongestLine;
        }

        if (end < 0)
        {
            if (isIdle)
            {
                sink.Noise(bytes.Length);
                IsSkipping = false;
                return bytes.Length;
            }

            return 0;
        }

        if (IsSkipping)
        {
            IsSkipping = false;
            Skipped(bytes[..end].TrimEnd((byte)'\r'), end + 1, sink);
        }
        else
        {
            Split(bytes[..end].TrimEnd((byte)'\r'), sink);
        }

        return end + 1;
    }

    /// <summary>A line.</summary>
    /// <param name="line">Printable ASCII, not empty, without its end.</param>
    /// <param name="sink">Gets what it is.</param>
    protected abstract void Line(ReadOnlySpan<byte> line, IModemSink sink);

    /// <summary>A line with bytes that are not printable ASCII, where these may belong to it.</summary>
    /// <returns>Whether it is taken; false: what is not printable is noise.</returns>
    protected virtual bool TakeRaw(ReadOnlySpan<byte> line, IModemSink sink) => false;

    /// <summary>The rest of a line whose beginning was damaged.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="length">With it.</param>
    /// <param name="sink">Gets what it is.</param>
    protected virtual void Skipped(ReadOnlySpan<byte> line, int length, IModemSink sink) => sink.Noise(length);

    /// <summary>A packet that broke off; what the modem said next, when it started again or its line end was lost, is glued to it.</summary>
    /// <param name="line">All of it.</param>
    /// <param name="from">Where the next may begin.</param>
    /// <param name="beginning">What every line of the make begins with, and nothing within a packet's digits holds.</param>
    /// <param name="sink">Gets what it is.</param>
    protected void Broken(ReadOnlySpan<byte> line, int from, ReadOnlySpan<byte> beginning, IModemSink sink)
    {
        var next = line[from..].IndexOf(beginning);
        sink.Noise(next < 0 ? line.Length : from + next);
        if (next >= 0)
        {
            Line(line[(from + next)..], sink);
        }
    }

    protected static string Text(ReadOnlySpan<byte> line) => Encoding.ASCII.GetString(line);

    /// <summary>What is not printable came with a reset or a plug, and is no part of a line: the line begins behind it.</summary>
    private void Split(ReadOnlySpan<byte> line, IModemSink sink)
    {
        var noise = line.LastIndexOfAnyExceptInRange((byte)' ', (byte)'~') + 1;
        if (noise > 0 && TakeRaw(line, sink))
        {
            return;
        }

        if (noise > 0)
        {
            sink.Noise(noise);
        }

        line = line[noise..].Trim((byte)' ');
        if (!line.IsEmpty)
        {
            Line(line, sink);
        }
    }
}
