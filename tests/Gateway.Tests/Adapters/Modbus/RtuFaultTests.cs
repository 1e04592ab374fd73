using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>What units do wrong on a serial line, and behind a device server: no wrong value is ever good, and the next request succeeds.</summary>
public sealed class RtuFaultTests : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer than one deadline, shorter than deadline and guard.</summary>
    private static readonly TimeSpan s_late = s_deadline * 1.4;

    private readonly CancellationTokenSource _stop = new();
    private readonly RecordingSink _sink = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("rtu").FullName;
    private ModbusSerialServer? _server;
    private IAdapter? _adapter;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_adapter is not null)
        {
            await _adapter.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<Carrier, FaultKind, string> Faults()
    {
        var data = new TheoryData<Carrier, FaultKind, string>();
        foreach (var carrier in Enum.GetValues<Carrier>())
        {
            data.Add(carrier, FaultKind.Late, "timeout");
            data.Add(carrier, FaultKind.Silence, "timeout");
            data.Add(carrier, FaultKind.WrongUnit, "invalid response");
            data.Add(carrier, FaultKind.WrongFunction, "invalid response");
            data.Add(carrier, FaultKind.Exception, "device failure");
        }

        data.Add(Carrier.Serial, FaultKind.WrongByteCount, "invalid response");
        data.Add(Carrier.Serial, FaultKind.WrongChecksum, "invalid response");
        data.Add(Carrier.Serial, FaultKind.Half, "invalid response");
        data.Add(Carrier.Serial, FaultKind.Dribble, "invalid response");
        data.Add(Carrier.DeviceServer, FaultKind.WrongByteCount, "invalid response");
        data.Add(Carrier.DeviceServer, FaultKind.WrongChecksum, "timeout");
        data.Add(Carrier.DeviceServer, FaultKind.Half, "timeout");
        data.Add(Carrier.DeviceServer, FaultKind.Dribble, "timeout");
        return data;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Read_Fault_IsBadAndTheNextRequestSucceeds(Carrier carrier, FaultKind kind, string error)
    {
        Start(carrier, s_deadline);
        await _sink.GoodAsync("i");
        var mark = _sink.Mark;
        _server!.Faults.Next(new Fault(kind, kind == FaultKind.Dribble ? s_deadline / 3 : s_late, ExceptionCode.ServerDeviceFailure));
        await _sink.UntilAsync(() => _sink.Readings.Skip(mark).Any(r => r.Error == error));
        mark = _sink.Mark;
        await _sink.GoodAsync("h", mark);
        await _sink.GoodAsync("j", mark);
        AssertNothingWrongIsGood();
    }

    [Theory]
    [InlineData(Carrier.Serial, FaultKind.LeadingNoise)]
    [InlineData(Carrier.Serial, FaultKind.StrangerFirst)]
    [InlineData(Carrier.DeviceServer, FaultKind.LeadingNoise)]
    [InlineData(Carrier.DeviceServer, FaultKind.StrangerFirst)]
    public async Task Read_NoiseBeforeEachResponse_IsPassedOver(Carrier carrier, FaultKind kind)
    {
        Start(carrier, TimeSpan.FromSeconds(5), faults => faults.Always(1, new Fault(kind)));
        await _sink.UntilAsync(() => _sink.Readings.Count(r => r.Quality == Quality.Good) > 20);
        Assert.DoesNotContain(_sink.Readings, r => r.Quality != Quality.Good);
        AssertNothingWrongIsGood();
    }

    [Theory]
    [InlineData(FaultKind.Close)]
    [InlineData(FaultKind.HalfAndClose)]
    public async Task Read_DeviceServerCloses_ReconnectsAtOnceAndReadsAgain(FaultKind kind)
    {
        Start(Carrier.DeviceServer, TimeSpan.FromSeconds(5));
        await _sink.GoodAsync("i");
        _server!.Faults.Next(new Fault(kind));
        await _sink.UntilAsync(() => _server.Accepted == 2);
        var mark = _sink.Mark;
        await _sink.GoodAsync("h", mark);
        await _sink.GoodAsync("j", mark);
        Assert.All(_sink.Readings, static r => Assert.Equal(Quality.Good, r.Quality));
        AssertNothingWrongIsGood();
    }

    [Theory]
    [InlineData(Carrier.Serial)]
    [InlineData(Carrier.DeviceServer)]
    public async Task Read_ManyLateReplies_NoneIsTakenForAnother(Carrier carrier)
    {
        Start(carrier, s_deadline);
        await _sink.GoodAsync("i");
        for (var i = 0; i < 4; i++)
        {
            var mark = _sink.Mark;
            _server!.Faults.Next(new Fault(FaultKind.Late, s_late));
            await _sink.UntilAsync(() => _sink.Readings.Skip(mark).Any(r => r.Error == "timeout"));
            await _sink.GoodAsync("h", mark);
            await _sink.GoodAsync("j", mark);
        }

        AssertNothingWrongIsGood();
    }

    [Theory]
    [InlineData(Carrier.Serial)]
    [InlineData(Carrier.DeviceServer)]
    public async Task Write_EveryFunction_ReachesTheUnit(Carrier carrier)
    {
        Start(carrier, TimeSpan.FromSeconds(5));
        await _sink.GoodAsync("i");
        Assert.True((await WriteAsync("h", PointValue.Of(4711m))).Ok);
        Assert.Equal(4711, _server!.Unit(1).Register(RegisterSpace.Holding, 10));
        Assert.True((await WriteAsync("j", PointValue.Of(99m))).Ok);
        Assert.True((await WriteAsync("c", PointValue.Of(true))).Ok);
        Assert.True(_server.Unit(1).Bit(RegisterSpace.Coil, 5));
        Assert.True((await WriteAsync("w", PointValue.Of(-70_000m))).Ok);
        Assert.Equal(0xFFFE, _server.Unit(1).Register(RegisterSpace.Holding, 40));
    }

    [Fact]
    public async Task Adapter_UnpluggedAndBackUnderItsName_IsFoundByItself()
    {
        Start(Carrier.Serial, s_deadline);
        await _sink.GoodAsync("i");
        await _server!.DisposeAsync();
        await _sink.StateAsync("device", s => !s.Online && s.Reason == "no such port");
        var mark = _sink.Mark;
        _server = Serve(Carrier.Serial);
        await _sink.GoodAsync("h", mark);
        AssertNothingWrongIsGood();
    }

    private Task<WriteResult> WriteAsync(string point, PointValue value) => _adapter!.WriteAsync(Points().First(p => p.Id == point), value, default).AsTask();

    /// <summary>Three reads of the same length and function, or nearly: a response that slips by one shows as a wrong value.</summary>
    private static PointOptions[] Points() =>
    [
        .. new[]
        {
            TestMap.Point("h", RegisterSpace.Holding, 10, ModbusType.UInt16).Writable(),
            TestMap.Point("j", RegisterSpace.Holding, 900, ModbusType.UInt16).Writable(),
            TestMap.Point("i", RegisterSpace.Input, 10, ModbusType.UInt16),
            TestMap.Point("c", RegisterSpace.Coil, 5, ModbusType.Bool, every: 60_000).Writable(),
            TestMap.Point("w", RegisterSpace.Holding, 40, ModbusType.Int32, every: 60_000).Writable(),
        }.Select(static p => p with { Device = "device" }),
    ];

    private void AssertNothingWrongIsGood()
    {
        foreach (var reading in _sink.Readings.Where(static r => r.Quality == Quality.Good))
        {
            var right = reading.Point.Id switch { "h" => 1111m, "i" => 2222m, "j" => 3333m, _ => (decimal?)null };
            Assert.True(right is null || right == reading.Value.Exact, $"{reading.Point.Id} is {reading.Value.Exact}");
        }
    }

    private ModbusSerialServer Serve(Carrier carrier)
    {
        var server = carrier == Carrier.Serial ? ModbusSerialServer.OnTerminal(Path.Combine(_folder, "usb-adapter")) : ModbusSerialServer.BehindDeviceServer();
        server.Unit(1).SetRegister(RegisterSpace.Holding, 10, 1111);
        server.Unit(1).SetRegister(RegisterSpace.Input, 10, 2222);
        server.Unit(1).SetRegister(RegisterSpace.Holding, 900, 3333);
        return server;
    }

    private void Start(Carrier carrier, TimeSpan timeout, Action<FaultPlan>? plan = null)
    {
        _server = Serve(carrier);
        plan?.Invoke(_server.Faults);
        if (carrier == Carrier.Serial)
        {
            var link = new ModbusRtuOptions("line", default) { Serial = new(_server.Device, 115200), Timeout = timeout, LateReplyGuard = timeout, DegradeAfter = 100 };
            _adapter = new ModbusRtuType().Create(link, [Device(link)], TimeProvider.System, NullLoggerFactory.Instance);
        }
        else
        {
            var link = new ModbusRtuOverTcpOptions("line", default) { Host = "127.0.0.1", Port = _server.Endpoint!.Port, Timeout = timeout, DegradeAfter = 100 };
            _adapter = new ModbusRtuOverTcpType().Create(link, [Device(link)], TimeProvider.System, NullLoggerFactory.Instance);
        }

        _running = _adapter.RunAsync(_sink, _stop.Token);
    }

    private static DeviceOptions Device(ModbusLinkOptions link) => TestMap.Device(link, "device", 1, Points());

    public enum Carrier
    {
        Serial,
        DeviceServer,
    }
}
