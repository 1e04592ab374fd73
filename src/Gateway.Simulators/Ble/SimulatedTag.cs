using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Heard;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>One device on the simulated air: what it sends now, as the mock of BlueZ wants it.</summary>
internal sealed class SimulatedTag
{
    private const string BtHome = "bthome";
    private const string Ruuvi = "ruuvi";
    private const int KeyDigits = 32;

    private readonly BtHomeBeacon? _beacon;
    private readonly bool _isRuuvi;
    private readonly string? _name;
    private readonly string _adapter;

    private SimulatedTag(DeviceOptions device, BleDevice how, BleAddress address, string adapter, BtHomeBeacon? beacon, bool isRuuvi)
    {
        (Device, Address, _adapter, _beacon, _isRuuvi) = (device, address, adapter, beacon, isRuuvi);
        _name = how.Name?.Replace('*', '1').Replace('?', '1');
        Peripheral = new(device, address);
    }

    public DeviceOptions Device { get; }

    public BleAddress Address { get; }

    /// <summary>Its characteristics.</summary>
    public SimulatedPeripheral Peripheral { get; }

    /// <param name="device">As configured.</param>
    /// <param name="index">Gives those an address that are known otherwise.</param>
    /// <param name="adapter">Who hears it.</param>
    /// <returns>The device, or why it cannot be simulated.</returns>
    public static (SimulatedTag? Tag, string? Problem) Of(DeviceOptions device, int index, string adapter)
    {
        var how = (BleDevice)device.Address;
        if (how.Decoding.Described is not null || how.Decoder is not (BtHome or Ruuvi or BleDevice.AutoDecoder or BleDevice.NoDecoder))
        {
            return (null, $"{device.Id}: advertisements of {how.Decoder} cannot be simulated, those of bthome and ruuvi can");
        }

        if (AddressOf(how, index, out var problem) is not { } address)
        {
            return (null, $"{device.Id}: {problem}");
        }

        byte[]? key = null;
        if (how.Key is { } secret)
        {
            var digits = secret.TryRead(out var why)?.Trim();
            if (digits?.Length != KeyDigits || !digits.All(char.IsAsciiHexDigit))
            {
                return (null, $"{device.Id}: {why ?? "its key is not 32 hexadecimal digits"}");
            }

            key = Convert.FromHexString(digits);
        }

        var fields = device.Points.Where(static p => p.Address is HeardPoint).Select(static p => ((HeardPoint)p.Address).Field ?? p.Id)
            .Where(static f => f is not (HeardFields.Rssi or HeardFields.LastSeen)).ToList();
        var beacon = how.Decoder is BtHome or BleDevice.AutoDecoder ? new BtHomeBeacon(fields, key) : null;
        return (new(device, how, address, adapter, beacon is { IsUseful: true } ? beacon : null, how.Decoder == Ruuvi), null);
    }

    /// <param name="elapsed">Since the start.</param>
    /// <param name="counter">Never the same twice.</param>
    public JsonObject Advertise(TimeSpan elapsed, uint counter)
    {
        var report = new JsonObject
        {
            ["do"] = "advertise",
            ["adapter"] = _adapter,
            ["address"] = Address.ToString(),
            ["type"] = "random",
            ["rssi"] = -55 - (int)(counter % 10),
        };
        if (_name is not null)
        {
            report["name"] = _name;
        }

        if (_isRuuvi)
        {
            report["manufacturer"] = new JsonObject { [RuuviBeacon.Company.ToString("x4")] = Convert.ToHexString(RuuviBeacon.Make(Address, elapsed, counter)) };
        }
        else if (_beacon is not null)
        {
            report["service"] = new JsonObject { ["fcd2"] = Convert.ToHexString(_beacon.Make(Address, elapsed, counter)) };
        }

        return report;
    }

    private static BleAddress? AddressOf(BleDevice how, int index, out string? problem)
    {
        problem = null;
        if (how.Address is { } address)
        {
            return address;
        }

        if (how.Irk is null)
        {
            return new BleAddress(0xC0_00_5E_00_00_00UL + (ulong)index);
        }

        if (ResolvingKey.TryParse(how.Irk.TryRead(out problem)?.Trim(), out var key))
        {
            using (key)
            {
                return key.Make((uint)index);
            }
        }

        problem ??= "its irk is not 32 hexadecimal digits";
        return null;
    }
}
