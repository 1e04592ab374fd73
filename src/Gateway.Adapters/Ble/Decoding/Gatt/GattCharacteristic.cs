using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>A characteristic of the Bluetooth SIG whose value the gateway understands (GATT Specification Supplement).</summary>
/// <param name="Uuid">Of the characteristic.</param>
/// <param name="Name">Of its first field (<c>temperature</c>).</param>
/// <param name="Service">Of the service that usually has it.</param>
/// <param name="Read">Reads a value; false: too short.</param>
public sealed record GattCharacteristic(Guid Uuid, string Name, Guid Service, GattRead Read);

/// <summary>Reads the value of a characteristic.</summary>
/// <param name="value">As it was read or notified.</param>
/// <param name="values">Receives what it says.</param>
/// <returns>false: it is shorter than the specification says.</returns>
public delegate bool GattRead(ReadOnlySpan<byte> value, DecodedValues values);
