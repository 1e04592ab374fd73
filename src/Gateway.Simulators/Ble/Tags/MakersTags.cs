using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;

namespace Gateway.Simulators;

/// <summary>A Govee H5075: temperature and humidity packed into three bytes.</summary>
internal sealed class GoveeTag : ITagFormat
{
    private const ushort Company = 0xEC88;

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var packed = ((int)(Climate.Temperature(elapsed) * 10) * 1000) + (int)(Climate.Humidity(elapsed) * 10);
        report.Manufacturer(Company, [0, (byte)(packed >> 16), (byte)(packed >> 8), (byte)packed, (byte)Climate.Battery(elapsed), 0]);
    }
}

/// <summary>A SwitchBot Meter: service data with model, battery and readings.</summary>
internal sealed class SwitchBotTag : ITagFormat
{
    private const ushort Service = 0xFD3D;
    private const byte Meter = (byte)'T';
    private const byte AboveZero = 0x80;

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var tenths = (int)(Climate.Temperature(elapsed) * 10);
        report.Service(Service, [Meter, 0, (byte)Climate.Battery(elapsed), (byte)(tenths % 10), (byte)(AboveZero | (tenths / 10)), (byte)Climate.Humidity(elapsed)]);
    }
}

/// <summary>An Inkbird ITH-13-B, told by its name.</summary>
internal sealed class InkbirdTag : ITagFormat
{
    private const ushort Company = 0x2449;

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var data = new byte[16];
        BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(4), (short)(Climate.Temperature(elapsed) * 10));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(6), (ushort)(Climate.Humidity(elapsed) * 10));
        data[8] = (byte)Climate.Battery(elapsed);
        report["name"] ??= "ITH-13-B";
        report.Manufacturer(Company, data);
    }
}

/// <summary>An Eddystone beacon that sends telemetry.</summary>
internal sealed class EddystoneTag : ITagFormat
{
    private const ushort Service = 0xFEAA;
    private const byte Telemetry = 0x20;

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var data = new byte[14];
        data[0] = Telemetry;
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), 3000);
        BinaryPrimitives.WriteInt16BigEndian(data.AsSpan(4), (short)(Climate.Temperature(elapsed) * 256));
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(6), counter);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(10), (uint)(elapsed.TotalSeconds * 10));
        report.Service(Service, data);
    }
}

/// <summary>An iBeacon: the same UUID for all, minor from its address.</summary>
internal sealed class IBeaconTag : ITagFormat
{
    private const ushort Company = 0x004C;
    private const byte PowerAtOneMetre = unchecked((byte)-59);

    private static readonly Guid s_uuid = new("e2c56db5-dffb-48d2-b060-d0f5a71096e0");

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var data = new byte[23];
        (data[0], data[1], data[19], data[22]) = (0x02, 0x15, 1, PowerAtOneMetre);
        s_uuid.TryWriteBytes(data.AsSpan(2), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(20), (ushort)sender.Value);
        report.Manufacturer(Company, data);
    }
}
