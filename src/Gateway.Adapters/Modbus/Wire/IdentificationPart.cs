namespace Gateway.Adapters.Modbus;

/// <summary>How much a device is to tell about itself (V1.1b3 §6.21, ReadDevId code).</summary>
public enum IdentificationLevel : byte
{
    /// <summary>Vendor, product code and revision: every device that speaks 43/14 has them.</summary>
    Basic = 1,

    /// <summary>Basic, and names and the vendor's address.</summary>
    Regular = 2,

    /// <summary>Regular, and whatever the vendor adds.</summary>
    Extended = 3,

    /// <summary>One object.</summary>
    One = 4,
}

/// <summary>One response to 43/14; a device that has more to tell than a PDU holds is asked again from <see cref="Next"/> on.</summary>
internal readonly ref struct IdentificationPart
{
    /// <summary>MEI type of device identification.</summary>
    public const byte Interface = 14;

    /// <summary>Function, interface, level, conformity, more follows, next object, number of objects.</summary>
    public const int Header = 7;

    private const byte MoreFollows = 0xFF;

    private readonly ReadOnlySpan<byte> _pdu;

    /// <param name="pdu">A response that <see cref="ResponsePdu.Check"/> found good.</param>
    public IdentificationPart(ReadOnlySpan<byte> pdu) => _pdu = pdu;

    /// <summary>What the device has: a level, and 0x80 if its objects can be asked for one by one.</summary>
    public byte Conformity => _pdu[3];

    /// <summary>The object to go on with; null: this is all.</summary>
    public byte? Next => _pdu[4] == MoreFollows ? _pdu[5] : null;

    /// <summary>Appends the objects.</summary>
    /// <returns>false: they do not go on behind those that are there, so the device would never end.</returns>
    public bool TryAddTo(List<IdentityObject> objects)
    {
        var rest = _pdu[Header..];
        while (!rest.IsEmpty)
        {
            if (objects.Count > 0 && rest[0] <= objects[^1].Id)
            {
                return false;
            }

            objects.Add(new(rest[0], rest.Slice(2, rest[1]).ToArray()));
            rest = rest[(2 + rest[1])..];
        }

        return Next is not { } next || (objects.Count > 0 && next > objects[^1].Id);
    }

    /// <summary>Length of the whole response; -1: too little of it is there to tell.</summary>
    public static int Length(ReadOnlySpan<byte> begun)
    {
        if (begun.Length < Header)
        {
            return -1;
        }

        var length = Header;
        for (var i = 0; i < begun[6]; i++)
        {
            if (begun.Length < length + 2)
            {
                return -1;
            }

            length += 2 + begun[length + 1];
        }

        return Math.Min(length, ModbusLimits.Pdu);
    }

    /// <summary>Whether the response is whole and answers this request.</summary>
    public static bool Fits(ReadOnlySpan<byte> response, ReadOnlySpan<byte> request) =>
        Length(response) == response.Length && response[..3].SequenceEqual(request[..3]) && response[4] is 0 or MoreFollows;
}
