using System.Buffers.Binary;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Polls that go well leave no garbage, from the schedule to the reading: a gateway that runs for months does not stop to collect.</summary>
public class AllocationTests
{
    private const int Stretches = 5;

    /// <summary>All but texts, which are new strings each time.</summary>
    public static TheoryData<ModbusType> Types => [.. Enum.GetValues<ModbusType>().Where(t => !t.IsText())];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Poll_SteadyState_AllocatesNothing(ModbusType type)
    {
        const int polls = 10_000;
        var time = new FakeTime();
        using var stop = new CancellationTokenSource();
        var link = new QuietLink();
        var options = TestMap.Link(502);
        var space = type == ModbusType.Bool ? RegisterSpace.Coil : RegisterSpace.Holding;
        var isNumber = type is not (ModbusType.Bool or ModbusType.Bit);
        var points = Enumerable.Range(0, 100 / type.Width()).Select(i => TestMap.Point($"p{i}", space, i * type.Width(), type, every: 1) with
        {
            Scale = isNumber ? 0.1m : 1,
            Plausible = isNumber ? new(-1, 1_000_000) : null,
        }).ToArray();
        var sink = new CountingSink();
        var adapter = new ModbusAdapter(
            link, options, [TestMap.Device(options, "a", 1, points), TestMap.Device(options, "b", 2, points)], new("line"), time, NullLogger.Instance);
        var running = adapter.RunAsync(sink, stop.Token);

        // Compiled, grown and pooled what there is to.
        time.Advance(TimeSpan.FromSeconds(2));
        var (requests, readings, least) = (link.Requests, sink.Readings, long.MaxValue);
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            time.Advance(TimeSpan.FromMilliseconds(polls / 2 / Stretches));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(link.Requests - requests, polls - 2, polls + 2);
        Assert.InRange(sink.Readings - readings, (polls - 2) * (long)points.Length, (polls + 2) * (long)points.Length);

        // A test beside this one may begin to listen to all metrics, which makes their series once, here. What polls leave behind would show in every stretch.
        Assert.Equal(0, least);
        await stop.CancelAsync();
        await running;
        await adapter.DisposeAsync();
    }

    /// <summary>Answers every read with zeros.</summary>
    private sealed class QuietLink : IModbusLink
    {
        public int Requests { get; private set; }

        public bool IsOpen { get; private set; }

        public LineFault? Fault => null;

        public bool IsAlive() => IsOpen;

        public ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
        {
            IsOpen = true;
            return ValueTask.FromResult<LineFault?>(null);
        }

        public ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
        {
            Requests++;
            var count = BinaryPrimitives.ReadUInt16BigEndian(request.Span[3..]);
            var bytes = request.Span[0] <= 2 ? (count + 7) / 8 : count * 2;
            response.Span[..(2 + bytes)].Clear();
            (response.Span[0], response.Span[1]) = (request.Span[0], (byte)bytes);
            return ValueTask.FromResult(new LinkReply(TransactionStatus.Ok, 2 + bytes));
        }

        public ValueTask CloseAsync()
        {
            IsOpen = false;
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class CountingSink : IReadingSink
    {
        public long Readings { get; private set; }

        public void Report(in Reading reading) => Readings++;

        public void EndOfCycle(DeviceOptions device)
        {
        }

        public void DeviceChanged(DeviceOptions device, DeviceState state)
        {
        }
    }
}
