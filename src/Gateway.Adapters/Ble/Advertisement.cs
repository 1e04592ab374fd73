namespace Gateway.Adapters.Ble;

/// <summary>What one advertisement said, as far as the radio passed it on.</summary>
/// <param name="Address">Who sent it.</param>
/// <param name="HeardAt">Timestamp of the gateway's clock at arrival: radios tell no time.</param>
public sealed record Advertisement(BleAddress Address, long HeardAt)
{
    /// <summary>The address is random: with IRK-resolvable ones it changes every few minutes (Core 5.4 Vol 6 Part B §1.3.2).</summary>
    public bool IsRandom { get; init; }

    /// <summary>Local name; null: none was sent.</summary>
    public string? Name { get; init; }

    /// <summary>Received signal strength in dBm; null: not told.</summary>
    public short? Rssi { get; init; }

    /// <summary>In the order of arrival; empty: none.</summary>
    public IReadOnlyList<ManufacturerData> Manufacturer { get; init; } = [];

    public IReadOnlyList<ServiceData> Services { get; init; } = [];

    /// <summary>Services that the device says it has (the list of UUIDs, without data).</summary>
    public IReadOnlyList<Guid> ServiceUuids { get; init; } = [];
}

/// <param name="Company">Company identifier of Bluetooth SIG (0x0499 is Ruuvi).</param>
/// <param name="Data">What follows the company identifier.</param>
public readonly record struct ManufacturerData(ushort Company, ReadOnlyMemory<byte> Data);

/// <param name="Service">The service; 16-bit ones by <see cref="BleUuid.Of(ushort)"/>.</param>
/// <param name="Data">What follows the UUID.</param>
public readonly record struct ServiceData(Guid Service, ReadOnlyMemory<byte> Data);
