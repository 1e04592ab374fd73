using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>A device with reads that look alike, for tests of faults.</summary>
internal static class ThreeReads
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer than one deadline, shorter than deadline and guard.</summary>
    public static readonly TimeSpan TooLate = Deadline * 1.4;

    /// <summary>For what is not about time: a busy test machine is no fault.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(5);

    /// <summary>Three reads of the same length and function, or nearly: a response that slips by one shows as a wrong value.</summary>
    public static SimulatedLine Line(Transport transport)
    {
        var line = new SimulatedLine(
            transport,
            TestMap.Point("h", RegisterSpace.Holding, 10, ModbusType.UInt16).Writable(),
            TestMap.Point("j", RegisterSpace.Holding, 900, ModbusType.UInt16).Writable(),
            TestMap.Point("i", RegisterSpace.Input, 10, ModbusType.UInt16),
            TestMap.Point("c", RegisterSpace.Coil, 5, ModbusType.Bool, every: 600_000).Writable(),
            TestMap.Point("w", RegisterSpace.Holding, 40, ModbusType.Int32, every: 600_000).Writable());
        Fill(line);
        return line;
    }

    public static void Fill(SimulatedLine line)
    {
        line.Unit(1).SetRegister(RegisterSpace.Holding, 10, 1111);
        line.Unit(1).SetRegister(RegisterSpace.Input, 10, 2222);
        line.Unit(1).SetRegister(RegisterSpace.Holding, 900, 3333);
    }

    /// <summary>Good readings after which a fault that was carried out has passed unnoticed: four of each point.</summary>
    private const int Unnoticed = 12;

    /// <summary>
    /// On a machine that is busy for longer than the deadline a good answer is late, too; and where the deadline itself is noticed late, an answer that is meant to be late
    /// is in time. Then the fault was not seen, and comes once more.
    /// </summary>
    public static async Task FaultAsync(SimulatedLine line, Fault fault, string error)
    {
        while (true)
        {
            var mark = line.Sink.Mark;
            line.Faults.Next(fault);
            await line.Sink.UntilAsync(() => FirstBad(line, mark) is not null || (line.Faults.Waiting == 0 && line.Sink.Mark - mark > Unnoticed));
            if (FirstBad(line, mark) is { } seen && (seen == error || seen != "timeout"))
            {
                Assert.Equal(error, seen);
                return;
            }
        }
    }

    private static string? FirstBad(SimulatedLine line, int mark)
    {
        foreach (var reading in line.Sink.Readings.Skip(mark))
        {
            if (reading.Quality == Quality.Bad)
            {
                return reading.Error;
            }
        }

        return null;
    }

    public static bool IsMbap(Transport transport) => transport is Transport.Tcp or Transport.Tls or Transport.Udp;

    public static void AssertNothingWrongIsGood(SimulatedLine line)
    {
        foreach (var reading in line.Sink.Readings.Where(static r => r.Quality == Quality.Good))
        {
            var right = reading.Point.Id switch { "h" => 1111m, "i" => 2222m, "j" => 3333m, _ => (decimal?)null };
            Assert.True(right is null || right == reading.Value.Exact, $"{reading.Point.Id} is {reading.Value.Exact}");
        }
    }
}
