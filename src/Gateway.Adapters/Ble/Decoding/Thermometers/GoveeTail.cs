namespace Gateway.Adapters.Ble.Decoding;

/// <summary>What is around the readings of Govee's thermometers.</summary>
internal static class GoveeTail
{
    // 4C 00 02 15 "INTELLI_ROCKS_HW" and five more: an iBeacon, glued to the readings by some firmware.
    private const int Length = 25;

    /// <summary>The readings without the iBeacon.</summary>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> data) => data.Length > Length && data[^(Length - 4)..].StartsWith("INTELLI_ROCKS"u8) ? data[..^Length] : data;

    public static bool IsName(string? name) =>
        name is not null && (name.StartsWith("GVH5", StringComparison.Ordinal) || name.StartsWith("Govee_", StringComparison.Ordinal) || name.StartsWith("B51", StringComparison.Ordinal));
}
