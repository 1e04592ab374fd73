namespace Gateway.Adapters.Modbus;

/// <summary>What was read of a device's registers, with holes where nothing is.</summary>
public sealed class RegisterImage
{
    private readonly SortedDictionary<(RegisterSpace Space, int Address), (byte High, byte Low)> _registers = [];

    /// <summary>Registers that were read.</summary>
    public int Count => _registers.Count;

    /// <summary>Where they are, by table and address.</summary>
    public IEnumerable<(RegisterSpace Space, int Address)> Places => _registers.Keys;

    /// <param name="space">Input or holding.</param>
    /// <param name="address">The first.</param>
    /// <param name="wire">Two bytes for each register as on the wire.</param>
    public void Set(RegisterSpace space, int address, ReadOnlySpan<byte> wire)
    {
        for (var i = 0; i + 1 < wire.Length; i += 2)
        {
            _registers[(space, address + (i / 2))] = (wire[i], wire[i + 1]);
        }
    }

    /// <summary>Neighbouring registers.</summary>
    /// <param name="space">Input or holding.</param>
    /// <param name="address">The first.</param>
    /// <param name="wire">Where they go; its length says how many.</param>
    /// <returns>false: one of them was not read.</returns>
    public bool TryGet(RegisterSpace space, int address, Span<byte> wire)
    {
        for (var i = 0; i + 1 < wire.Length; i += 2)
        {
            if (!_registers.TryGetValue((space, address + (i / 2)), out var register))
            {
                return false;
            }

            (wire[i], wire[i + 1]) = register;
        }

        return true;
    }
}
