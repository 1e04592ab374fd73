using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>What a link will ask, and what that takes of the wire; by the planner that runs. What is learned from a device's refusals later comes on top.</summary>
internal static class PlanPreview
{
    /// <summary>5 ms: meters and PLCs begin to answer after 2 to 20 ms.</summary>
    public static readonly TimeSpan Turnaround = TimeSpan.FromMilliseconds(5);

    /// <summary>Function, address, quantity.</summary>
    private const int RequestPduBytes = 5;

    public static LinkPlan Of(ModbusLinkOptions link, WireShape wire, IReadOnlyList<DeviceOptions> devices)
    {
        var requests = new List<PlannedRequest>();
        foreach (var device in devices)
        {
            var address = (ModbusDevice)device.Address;
            foreach (var read in PollPlanner.Plan(device.Points, address.Plan.Over(link.Limits)))
            {
                var (request, response) = (wire.Frame(RequestPduBytes), wire.Frame(ResponsePdu.DataOffset + read.Bytes));
                requests.Add(new(
                    device.Id, $"unit {address.UnitId}", FunctionText(read.Space.ReadFunction()), read.Range, [.. read.Points.Select(p => p.Id)], read.Every,
                    request, response, wire.TimeOf(request + response, link.DelayBetweenRequests)));
            }
        }

        return new(requests, wire.Line is null ? null : Load(requests, link));
    }

    private static WireLoad Load(List<PlannedRequest> requests, ModbusLinkOptions link) => new(
        requests.Sum(r => r.WireTime!.Value / r.Every),
        requests.Sum(r => (r.WireTime!.Value + Turnaround) / r.Every),
        Turnaround,
        OverloadRemedy.Of(link));

    private static string FunctionText(FunctionCode function) => function switch
    {
        FunctionCode.ReadCoils => "1 read coils",
        FunctionCode.ReadDiscreteInputs => "2 read discrete inputs",
        FunctionCode.ReadHoldingRegisters => "3 read holding registers",
        _ => "4 read input registers",
    };
}
