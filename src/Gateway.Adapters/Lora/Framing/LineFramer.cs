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
            sink.Noise(end + 1);
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

    protected static string Text(ReadOnlySpan<byte> line) => Encoding.ASCII.GetString(line);

    /// <summary>What is not printable came with a reset or a plug, and is no part of a line: the line begins behind it.</summary>
    private void Split(ReadOnlySpan<byte> line, IModemSink sink)
    {
        var noise = line.LastIndexOfAnyExceptInRange((byte)' ', (byte)'~') + 1;
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
