namespace Gateway.Adapters.Ble.Decoding;

/// <summary>What an object id of BTHome v2 means (bthome.io/format).</summary>
/// <param name="Kind">How its bytes are read.</param>
/// <param name="Field">What it says; null: nothing for people.</param>
/// <param name="Length">Bytes of its value; of <see cref="BtHomeKind.Text"/> and <see cref="BtHomeKind.Raw"/> the first byte is their length.</param>
/// <param name="Scale">Of numbers.</param>
internal sealed record BtHomeObject(BtHomeKind Kind, BleField? Field, int Length, decimal Scale = 1)
{
    /// <summary>Objects that say the same kind of thing have the same number.</summary>
    public int Group { get; init; }

    public bool IsEvent => Kind is BtHomeKind.Button or BtHomeKind.Dimmer;
}

internal enum BtHomeKind : byte
{
    PacketId,
    Unsigned,
    Signed,
    Flag,
    Text,
    Raw,
    Time,
    Button,
    Dimmer,
    Version,
}
