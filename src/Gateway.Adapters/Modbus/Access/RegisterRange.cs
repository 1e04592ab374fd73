namespace Gateway.Adapters.Modbus;

/// <summary>Neighbouring registers or bits of one table.</summary>
/// <param name="Space">Which table.</param>
/// <param name="Address">The first, zero-based.</param>
/// <param name="Count">How many.</param>
public readonly record struct RegisterRange(RegisterSpace Space, ushort Address, int Count)
{
    /// <summary>One behind the last.</summary>
    public int End => Address + Count;

    /// <summary>Bytes of values in a response.</summary>
    public int Bytes => Space.IsBits() ? (Count + 7) / 8 : Count * 2;

    /// <summary>In pieces of at most so many, in order.</summary>
    public IEnumerable<RegisterRange> Pieces(int most)
    {
        for (var done = 0; done < Count; done += most)
        {
            yield return new(Space, (ushort)(Address + done), Math.Min(most, Count - done));
        }
    }

    public override string ToString() => Count == 1 ? $"{Space.Word()} {Address}" : $"{Space.Word()} {Address} to {End - 1}";
}
