using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>The characteristics of one device on the simulated air. What may be written keeps what was written.</summary>
internal sealed class SimulatedPeripheral
{
    private readonly BleAddress _address;
    private readonly List<(GattAddress At, GattPointRun Run, PointOptions Point, Swing Value)> _values = [];

    public SimulatedPeripheral(DeviceOptions device, BleAddress address)
    {
        _address = address;
        foreach (var point in device.Points)
        {
            if (point.Address is GattPoint gatt && !_values.Exists(v => v.At == gatt.At))
            {
                var (from, to) = (point.Write?.Min ?? point.Plausible?.Min ?? 0, point.Write?.Max ?? point.Plausible?.Max ?? 100);
                _values.Add((gatt.At, new(point, 0), point, new((double)from, (double)Math.Max(from, to), _values.Count)));
            }
        }
    }

    public bool HasAny => _values.Count > 0;

    /// <summary>What BlueZ finds when it connects.</summary>
    public JsonObject Describe()
    {
        var services = new JsonArray();
        foreach (var service in _values.GroupBy(static v => v.At.Service))
        {
            var characteristics = new JsonArray();
            foreach (var (at, run, point, value) in service)
            {
                var flags = new JsonArray("read");
                if (point.Write is not null)
                {
                    flags.Add((JsonNode)"write");
                }

                if (run.Address.IsNotified)
                {
                    flags.Add((JsonNode)"notify");
                }

                characteristics.Add((JsonNode)new JsonObject { ["uuid"] = Name(at.Characteristic), ["flags"] = flags, ["value"] = Bytes(run, value.At(default)) });
            }

            services.Add((JsonNode)new JsonObject { ["uuid"] = service.Key is { } uuid ? Name(uuid) : "180f", ["characteristics"] = characteristics });
        }

        return new() { ["do"] = "peripheral", ["address"] = _address.ToString(), ["services"] = services };
    }

    /// <summary>Its values now.</summary>
    public IEnumerable<JsonObject> Move(TimeSpan elapsed)
    {
        foreach (var (at, run, point, value) in _values)
        {
            if (point.Write is null)
            {
                yield return new() { ["do"] = "value", ["address"] = _address.ToString(), ["uuid"] = Name(at.Characteristic), ["value"] = Bytes(run, value.At(elapsed)) };
            }
        }
    }

    private static string Name(Guid uuid) => BleUuid.TryShort(uuid, out var name) ? name.ToString("x4") : uuid.ToString("D");

    /// <summary>As its layout says; of standard ones, what most of them are: a small number in one byte, or hundredths in two.</summary>
    private static string Bytes(GattPointRun run, double value)
    {
        if (run.Address.Layout is not null)
        {
            return Convert.ToHexString(run.Encode(PointValue.Of(Math.Round((decimal)value, 2)), out var bytes) is null ? bytes
                : run.Encode(PointValue.Of(Math.Round((decimal)value)), out bytes) is null ? bytes : [0]);
        }

        return BleUuid.TryShort(run.Address.At.Characteristic, out var uuid) && uuid is 0x2A6E or 0x2A6F
            ? Convert.ToHexString([(byte)(value * 100), (byte)((int)(value * 100) >> 8)]) : Convert.ToHexString([(byte)value]);
    }
}
