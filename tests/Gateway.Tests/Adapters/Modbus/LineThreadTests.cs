using System.Diagnostics;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>The thread of a line that blocks: it is there while the line runs, ends whatever it waits for, and leaves nothing behind.</summary>
public class LineThreadTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Run_WorkFails_IsTheTasksFailure()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => LineThread.RunAsync("failing", static () => throw new InvalidOperationException("why")));
        Assert.Equal("why", error.Message);
    }

    public static TheoryData<string> Waits => ["due", "answer", "connection", "pause", "retry"];

    /// <summary>Whatever it waits for: the next poll, an answer, somebody who takes the connection, the pause between two requests, the next try.</summary>
    [Theory]
    [MemberData(nameof(Waits))]
    public async Task Stop_WhileItWaits_EndsItAndItsThread(string waitsFor)
    {
        var id = $"t-{waitsFor}";
        await using var server = ModbusTcpServer.Start();
        using var peer = new SilentPeer();
        server.Unit(1);
        var link = TestMap.Link(server.Endpoint.Port, timeout: 60_000) with { Id = id };
        switch (waitsFor)
        {
            case "answer":
                server.Faults.Always(1, new(FaultKind.Silence));
                break;
            case "connection":
                await peer.FillAsync();
                link = link with { Port = peer.Port, ConnectTimeout = TimeSpan.FromMinutes(1) };
                break;
            case "pause":
                link = link with { DelayBetweenRequests = TimeSpan.FromMinutes(1) };
                break;
            case "retry":
                link = link with { Port = peer.Port };
                peer.Dispose();
                break;
        }

        var sink = new RecordingSink();
        var device = TestMap.Device(link, "device", 1, TestMap.Holding(1, every: waitsFor == "pause" ? 1 : 60_000));
        await using var adapter = new ModbusTcpType().Create(link, [device], TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var running = adapter.RunAsync(sink, stop.Token);
        await UntilAsync(() => Threads($"modbus {id}") is ["S"]);
        Assert.False(running.IsCompleted);

        await stop.CancelAsync();
        await running.WaitAsync(s_patience);
        await UntilAsync(() => Threads($"modbus {id}") is []);
    }

    [Fact]
    public async Task Write_WhileTheThreadSleeps_WakesIt()
    {
        var server = ModbusTcpServer.Start();
        server.Unit(1);
        await using var adapter = RunningAdapter.Start(server, TestMap.Holding(1, every: 3_600_000).Writable());
        await adapter.Sink.GoodAsync("h1");
        for (var value = 1; value <= 100; value++)
        {
            Assert.True((await adapter.WriteAsync("h1", PointValue.Of((decimal)value)).AsTask().WaitAsync(s_patience)).Ok);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(TimeSpan.TicksPerMillisecond)]
    public async Task Poll_SteadyState_AllocatesNothing(long everyTicks)
    {
        await using var server = ModbusTcpServer.Start();
        server.Unit(1);
        var link = TestMap.Link(server.Endpoint.Port);
        var points = Enumerable.Range(0, 100).Select(i => TestMap.Holding(i) with { Every = TimeSpan.FromTicks(everyTicks) });
        await using var adapter = new ModbusTcpType().Create(link, [TestMap.Device(link, "device", 1, [.. points])], TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var sink = new WeighingSink(stop);
        await adapter.RunAsync(sink, stop.Token).WaitAsync(s_patience);

        // A test beside this one may begin to listen to all metrics, which makes their series once, here. What polls leave behind would show in every stretch.
        Assert.Equal((0, 0), (sink.Bad, sink.Least));
    }

    /// <summary>States of the threads of this name (S: sleeps); Linux keeps 15 characters of it.</summary>
    private static string[] Threads(string name) =>
        [.. Directory.GetDirectories("/proc/self/task").Select(Describe).Where(t => t.Name == name[..Math.Min(name.Length, 15)]).Select(t => t.State)];

    private static (string Name, string State) Describe(string task)
    {
        try
        {
            var stat = File.ReadAllText($"{task}/stat");
            var end = stat.LastIndexOf(')');
            return (stat[(stat.IndexOf('(') + 1)..end], stat.Substring(end + 2, 1));
        }
        catch (IOException)
        {
            return ("", "");
        }
    }

    /// <summary>Nobody tells when a thread has fallen asleep.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience);
            await Task.Yield();
        }
    }

    /// <summary>What the line's thread allocates in each of some stretches.</summary>
    private sealed class WeighingSink(CancellationTokenSource stop) : IReadingSink
    {
        private const int Stretch = 500;
        private const int Stretches = 6;

        private int _cycles;
        private long _before;

        public long Least { get; private set; } = long.MaxValue;

        public int Bad { get; private set; }

        public void Report(in Reading reading) => Bad += reading.Quality == Quality.Good ? 0 : 1;

        public void EndOfCycle(DeviceOptions device)
        {
            if (++_cycles % Stretch != 0)
            {
                return;
            }

            var now = GC.GetAllocatedBytesForCurrentThread();
            Least = _cycles > Stretch ? Math.Min(Least, now - _before) : Least;
            _before = GC.GetAllocatedBytesForCurrentThread();
            if (_cycles == Stretch * Stretches)
            {
                stop.Cancel();
            }
        }

        public void DeviceChanged(DeviceOptions device, DeviceState state)
        {
        }
    }
}
