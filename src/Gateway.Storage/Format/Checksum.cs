using System.Numerics;
using System.Runtime.InteropServices;

namespace Gateway.Storage;

/// <summary>CRC32C (Castagnoli) by the processor's own instruction.</summary>
internal static class Checksum
{
    public const uint Start = uint.MaxValue;

    public static uint Extend(uint sum, ReadOnlySpan<byte> data)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (var one in data[(data.Length & ~7)..])
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return sum;
    }

    /// <summary>A journal's own start value: what a publisher puts into a payload can never pass for a commit of a journal whose id it does not know.</summary>
    public static uint StartOf(Guid journal)
    {
        Span<byte> id = stackalloc byte[16];
        journal.TryWriteBytes(id);
        return Extend(Start, id);
    }
}
