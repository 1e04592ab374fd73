using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Heard;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>One device on the simulated air: what it sends now, as the mock of BlueZ wants it.</summary>
internal sealed class SimulatedTag
{
    private const int KeyDigits = 32;

    private readonly ITagFormat? _format;
    private readonly string? _name;
    private readonly string _adapter;

    private SimulatedTag(DeviceOptions device, BleDevice how, BleAddress address, string adapter, ITagFormat? format)
    {
        (Device, Address, _adapter, _format) = (device, address, adapter, format);
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
        return (new(device, how, address, adapter, FormatOf(how, fields, key)), null);
    }

    /// <summary>What it sends; null: only that it is there. Who leaves the decoder open is content with BTHome.</summary>
    private static ITagFormat? FormatOf(BleDevice how, IReadOnlyCollection<string> fields, byte[]? key) => how.Decoder switch
    {
        _ when how.Decoding.Described is { } described => new DescribedTag(described),
        "ruuvi" => new RuuviTag(),
        "mibeacon" => new MiBeaconTag(key),
        "atc" => new AtcTag(key),
        "govee" => new GoveeTag(),
        "switchbot" => new SwitchBotTag(),
        "inkbird" => new InkbirdTag(),
        "eddystone" => new EddystoneTag(),
        "ibeacon" => new IBeaconTag(),
        BleDevice.NoDecoder => null,
        _ => new BtHomeTag(fields, key),
    };

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

        _format?.Say(report, Address, elapsed, counter);
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
