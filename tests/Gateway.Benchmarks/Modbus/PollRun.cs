using System.Diagnostics;
using System.Globalization;
using Gateway.Adapters;
using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;
using Gateway.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Modbus;

/// <summary>The adapter as the daemon runs it, with points that are always due and a sink that only counts.</summary>
internal static class PollRun
{
    private const string Link = "bench";

    /// <summary>Compiled, and its code no longer measured by the runtime.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    public static Task TcpAsync(int port, TimeSpan duration, int registers) =>
        RunAsync(new ModbusTcpOptions(Link, default) { Host = "127.0.0.1", Port = port, Timeout = TimeSpan.FromSeconds(5) }, 1, registers, duration, isLine: false);

    public static Task LineAsync(string path, int baud, int units, int registers, TimeSpan duration) =>
        RunAsync(new ModbusRtuOptions(Link, default) { Serial = Settings(path, baud) }, units, registers, duration, isLine: true);

    public static void Wire(int baud, int registers)
    {
        var link = new ModbusRtuOptions(Link, default) { Serial = Settings("", baud) };
        var read = new ModbusRtuType().Plan(link, [Device(link, 1, registers)]).Requests.Single();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{1 / read.WireTime!.Value.TotalSeconds:0.00}"));
    }

    private static SerialSettings Settings(string path, int baud) => new(path, baud, Parity: Parity.Even);

    public static DeviceOptions Device(LinkOptions link, int unit, int registers) => new()
    {
        Id = $"unit-{unit}",
        Link = link,
        Address = new ModbusDevice((byte)unit),
        Points =
        [
            .. Enumerable.Range(0, registers).Select(i => new PointOptions
            {
                Device = $"unit-{unit}", Id = $"r{i}", Address = new ModbusPoint(RegisterSpace.Holding, (ushort)i, ModbusType.UInt16), Every = TimeSpan.FromTicks(1),
            }),
        ],
    };

    private static async Task RunAsync(ModbusLinkOptions link, int units, int registers, TimeSpan duration, bool isLine)
    {
        var devices = Enumerable.Range(1, units).Select(u => Device(link, u, registers)).ToList();
        var sink = new CountingSink();
        await using var adapter = AdapterCatalog.All.Single(t => t.Type == link.Type).Create(link, devices, TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => adapter.RunAsync(sink, stop.Token));
        await Task.Delay(s_warmUp);
        var (cycles, garbage, cpu, start) = (sink.Cycles, GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(duration);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        cycles = sink.Cycles - cycles;
        garbage = GC.GetTotalAllocatedBytes(precise: true) - garbage;
        await stop.CancelAsync();
        await running;
        if (sink.Bad > 0 || cycles == 0)
        {
            throw new InvalidOperationException($"{sink.Bad} bad readings, {cycles} polls: {adapter.Status.Text}");
        }

        Console.WriteLine(isLine
            ? string.Create(CultureInfo.InvariantCulture, $"{cycles / seconds:0.00}")
            : string.Create(CultureInfo.InvariantCulture, $"{cycles / seconds:0} {cpu.TotalMicroseconds / cycles:0.00} {(double)garbage / cycles:0.00}"));
    }

    private sealed class CountingSink : IReadingSink
    {
        private long _cycles;
        private long _bad;

        /// <summary>One poll each: a device here is one block.</summary>
        public long Cycles => Volatile.Read(ref _cycles);

        public long Bad => Volatile.Read(ref _bad);

        public void Report(in Reading reading)
        {
            if (reading.Quality != Quality.Good)
            {
                Volatile.Write(ref _bad, _bad + 1);
            }
        }

        public void EndOfCycle(DeviceOptions device) => Volatile.Write(ref _cycles, _cycles + 1);

        public void DeviceChanged(DeviceOptions device, DeviceState state)
        {
        }
    }
}
