using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;

namespace Gateway.Simulators;

/// <summary>Makes the manufacturer data of a RuuviTag, data format 5.</summary>
internal sealed class RuuviTag : ITagFormat
{
    private const ushort Company = 0x0499;

    private static readonly Swing s_temperature = new(-22, -18, 0);
    private static readonly Swing s_humidity = new(40, 60, 1);
    private static readonly Swing s_pressure = new(1000, 1020, 2);

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter) => report.Manufacturer(Company, Make(sender, elapsed, counter));

    private static byte[] Make(BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var data = new byte[24];
        data[0] = 5;
        BinaryPrimitives.WriteInt16BigEndian(data.AsSpan(1), (short)(s_temperature.At(elapsed) / 0.005));
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(3), (ushort)(s_humidity.At(elapsed) / 0.0025));
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(5), (ushort)((s_pressure.At(elapsed) * 100) - 50_000));
        BinaryPrimitives.WriteInt16BigEndian(data.AsSpan(11), 1000);

        // 2.9 V in millivolts above 1.6 V, and +4 dBm in steps of 2 above -40.
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(13), (1300 << 5) | 22);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(16), (ushort)counter);
        sender.CopyTo(data.AsSpan(18));
        return data;
    }
}
