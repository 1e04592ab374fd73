using Gateway.Adapters.Modbus;
using Gateway.Configuration;

namespace Gateway;

/// <summary>Points of unit 0 where that is everybody's address: they can be written and never read.</summary>
internal static class Everybody
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        foreach (var device in configuration.Devices.Where(d => d is { Address: ModbusDevice { UnitId: 0 }, Link: ModbusLinkOptions { HasBroadcast: true } }))
        {
            foreach (var point in device.Points)
            {
                if (point.Write is null)
                {
                    problems.Error(point.Position, $"{point.Id} can never be read: unit 0 is everybody, and nobody answers", "add write: {}, or name the unit that has it");
                }
                else if (point.Address is ModbusPoint { PartWrites: PartWrites.ReadModifyWrite })
                {
                    problems.Error(point.Position, $"{point.Id} is read before it is written, and unit 0 is everybody: nobody answers", "leave write-bits out: mask-write does it in each unit");
                }
            }
        }
    }
}
