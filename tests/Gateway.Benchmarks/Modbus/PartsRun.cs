using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Modbus;

/// <summary>Where the CPU of a poll goes: what is above the link (schedule, checks, decoding, reporting), without one.</summary>
internal static class PartsRun
{
    private const int Polls = 200_000;

    public static async Task RunAsync(int registers)
    {
        var options = new ModbusTcpOptions("bench", default) { Host = "127.0.0.1" };
        var link = new InstantLink();
        var device = PollRun.Device(options, 1, registers);
        await using var adapter = new ModbusAdapter(link, options, [device], new("bench"), TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var sink = new StoppingSink(Polls, stop);
        await adapter.RunAsync(sink, stop.Token);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sink.MicrosecondsPerPoll:0.00}"));
    }

    /// <summary>Answers at once, with what the registers count.</summary>
    private sealed class InstantLink : IModbusLink
    {
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
            var bytes = BinaryPrimitives.ReadUInt16BigEndian(request.Span[3..]) * 2;
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

    /// <summary>Lets the first half go by, which is compiled meanwhile.</summary>
    private sealed class StoppingSink(int polls, CancellationTokenSource stop) : IReadingSink
    {
        private int _polls;
        private long _start;

        public double MicrosecondsPerPoll { get; private set; }

        public void Report(in Reading reading)
        {
        }

        public void EndOfCycle(DeviceOptions device)
        {
            _polls++;
            if (_polls == polls)
            {
                _start = Stopwatch.GetTimestamp();
            }
            else if (_polls == 2 * polls)
            {
                MicrosecondsPerPoll = Stopwatch.GetElapsedTime(_start).TotalMicroseconds / polls;
                stop.Cancel();
            }
        }

        public void DeviceChanged(DeviceOptions device, DeviceState state)
        {
        }
    }
}
