using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Two-wire lines on which what is sent comes back in front of the answer.</summary>
public sealed class EchoLineTests
{
    private static readonly byte[] s_read = [3, 0, 10, 0, 1];
    private static readonly byte[] s_write = [6, 0, 10, 0x12, 0x34];

    private static ModbusRtuOverTcpOptions Options(ModbusSerialServer host, ModbusSerialServer backup) => new("line", default)
    {
        Host = "127.0.0.1", Port = host.Endpoint!.Port, BackupHost = "127.0.0.1", BackupPort = backup.Endpoint!.Port, Timeout = TimeSpan.FromSeconds(2),
    };

    public static TheoryData<Transport> Lines => [Transport.Rtu, Transport.Ascii, Transport.RtuOverTcp, Transport.AsciiOverTcp];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Read_OnALineThatEchoes_IsGoodFromTheFirstAnswer(Transport transport)
    {
        await using var line = ThreeReads.Line(transport);
        line.Echoes = true;
        line.Start(ThreeReads.Patient);
        await line.Sink.UntilAsync(() => line.Sink.Readings.Count(r => r.Quality == Quality.Good) > 20);
        Assert.DoesNotContain(line.Sink.Readings, r => r.Quality != Quality.Good);
        ThreeReads.AssertNothingWrongIsGood(line);
        Assert.Contains("what is sent comes back to the sender (echo)", line.Adapter.Status.Text, StringComparison.Ordinal);
        Assert.Contains("echo: always", line.Adapter.Status.Remedy, StringComparison.Ordinal);

        Assert.True((await line.WriteAsync("h", PointValue.Of(1112m))).Ok);
        Assert.True((await line.WriteAsync("c", PointValue.Of(true))).Ok);
        Assert.True((await line.WriteAsync("w", PointValue.Of(-70_000m))).Ok);
        Assert.Equal((1112, true, 0xFFFE), ((int)line.Unit(1).Register(RegisterSpace.Holding, 10), line.Unit(1).Bit(RegisterSpace.Coil, 5), (int)line.Unit(1).Register(RegisterSpace.Holding, 40)));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Write_NobodyAnswersButTheEcho_IsNotTakenForCarriedOut(Transport transport)
    {
        await using var line = ThreeReads.Line(transport);
        line.Echoes = true;
        line.Start(ThreeReads.Deadline * 2);
        await line.Sink.GoodAsync("i");
        line.Faults.Always(1, new Fault(FaultKind.Silence));
        foreach (var (point, value) in new[] { ("h", PointValue.Of(1111m)), ("c", PointValue.Of(true)), ("w", PointValue.Of(-70_000m)) })
        {
            var result = await line.WriteAsync(point, value);
            Assert.False(result.Ok, point);
        }

        var mark = line.Sink.Mark;
        line.Faults.Always(1, null);
        await line.Sink.GoodAsync("i", mark);
        Assert.True((await line.WriteAsync("h", PointValue.Of(1111m))).Ok);
        ThreeReads.AssertNothingWrongIsGood(line);
    }

    /// <summary>The request for coils 778 to 795 is as long as its answer, and its byte count would be right: 03.</summary>
    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Read_WhoseRequestLooksLikeItsAnswer_IsNeverItsEcho(Transport transport)
    {
        var points = Enumerable.Range(778, 18).Select(a => TestMap.Point($"c{a}", RegisterSpace.Coil, (ushort)a, ModbusType.Bool)).ToArray();
        await using var line = new SimulatedLine(transport, points);
        line.Echoes = true;
        line.Unit(1).SetBit(RegisterSpace.Coil, 780, true);
        line.Start(ThreeReads.Deadline * 2);
        await line.Sink.GoodAsync("c795");
        line.Faults.Always(1, new Fault(FaultKind.Silence));
        await line.Sink.UntilAsync(() => line.Sink.Readings.Any(r => r.Quality == Quality.Bad));
        line.Faults.Always(1, null);
        var mark = line.Sink.Mark;
        await line.Sink.GoodAsync("c795", mark);
        Assert.All(line.Sink.Readings.Where(r => r.Quality == Quality.Good), r => Assert.Equal(r.Point.Id == "c780", r.Value.Boolean));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_AsTheFirstRequest_IsPrecededByAReadThatShowsWhetherTheLineEchoes(bool echoes)
    {
        await using var server = ModbusSerialServer.OnTerminal();
        server.Echoes = echoes;
        var unit = server.Unit(7);
        using var metrics = new ModbusMetrics("line");
        await using var link = new ModbusRtuType().CreateLink(new ModbusRtuOptions("line", default) { Serial = new(server.Device, 115200), Timeout = ThreeReads.Patient }, metrics, TimeProvider.System);
        Assert.Null(await link.OpenAsync(default));
        byte[] request = [6, 0, 10, 0x12, 0x34];
        var response = new byte[ModbusLimits.Pdu];

        Assert.Equal(new(TransactionStatus.Ok, 5), await link.TransactAsync(7, request, response, default));
        Assert.Equal((0x1234, 2L), ((int)unit.Register(RegisterSpace.Holding, 10), unit.Requests));
        Assert.Equal(echoes, link.Note is not null);
        Assert.Equal(new(TransactionStatus.Ok, 5), await link.TransactAsync(7, request, response, default));
        Assert.Equal(3, unit.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_AsTheFirstRequestToAUnitThatIsNotThere_IsNotTakenForCarriedOut(bool echoes)
    {
        await using var server = ModbusSerialServer.OnTerminal();
        server.Echoes = echoes;
        using var metrics = new ModbusMetrics("line");
        var options = new ModbusRtuOptions("line", default) { Serial = new(server.Device, 115200), Timeout = ThreeReads.Deadline, LateReplyGuard = TimeSpan.Zero };
        await using var link = new ModbusRtuType().CreateLink(options, metrics, TimeProvider.System);
        Assert.Null(await link.OpenAsync(default));
        foreach (var request in (byte[][])[[6, 0, 10, 0x12, 0x34], [5, 0, 10, 0xFF, 0], [16, 0, 10, 0, 1, 2, 0x12, 0x34], [22, 0, 10, 0xFF, 0xFE, 0, 1]])
        {
            Assert.NotEqual(TransactionStatus.Ok, (await link.TransactAsync(7, request, new byte[ModbusLimits.Pdu], default)).Status);
        }
    }

    [Fact]
    public async Task Write_AsTheFirstRequestToABackupWhoseLineEchoes_IsPrecededByARead()
    {
        await using var host = ModbusSerialServer.BehindDeviceServer();
        await using var backup = ModbusSerialServer.BehindDeviceServer();
        backup.Echoes = true;
        host.Unit(1);
        using var metrics = new ModbusMetrics("line");
        await using var link = new ModbusRtuOverTcpType().CreateLink(Options(host, backup), metrics, TimeProvider.System);
        Assert.Null(await link.OpenAsync(default));
        var response = new byte[ModbusLimits.Pdu];
        Assert.True((await link.TransactAsync(1, s_read, response, default)).Status == TransactionStatus.Ok);

        // Nobody is behind the backup: only the echo comes.
        await host.DisposeAsync();
        await link.CloseAsync();
        Assert.Null(await link.OpenAsync(default));
        Assert.NotEqual(TransactionStatus.Ok, (await link.TransactAsync(1, s_write, response, default)).Status);
    }

    [Fact]
    public async Task Write_AsTheFirstRequestToAHostThatServesAgain_IsPrecededByARead()
    {
        var time = new FakeTime();
        var host = ModbusSerialServer.BehindDeviceServer();
        await using var backup = ModbusSerialServer.BehindDeviceServer();
        backup.Unit(1);
        var options = Options(host, backup);
        await host.DisposeAsync();
        using var metrics = new ModbusMetrics("line");
        await using var link = new ModbusRtuOverTcpType().CreateLink(options, metrics, time);
        Assert.Null(await link.OpenAsync(default));
        var response = new byte[ModbusLimits.Pdu];
        Assert.Equal(TransactionStatus.Ok, (await link.TransactAsync(1, s_read, response, default)).Status);

        await using var again = ModbusSerialServer.BehindDeviceServer(endpoint: host.Endpoint);
        again.Echoes = true;
        var unit = again.Unit(1);
        time.Advance(HostConnector<SocketConnection>.TryHostEvery);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (unit.Requests == 0)
        {
            Assert.Equal(TransactionStatus.Ok, (await link.TransactAsync(1, s_write, response, patience.Token)).Status);
        }

        Assert.Equal(2, unit.Requests);
        Assert.Equal(0x1234, unit.Register(RegisterSpace.Holding, 10));
    }

    [Fact]
    public async Task Echo_ThatBeginsAndEndsWhileTheLineIsUsed_SpoilsNothing()
    {
        await using var line = ThreeReads.Line(Transport.Rtu);
        line.Start(ThreeReads.Patient);
        foreach (var echoes in (bool[])[false, true, false, true])
        {
            line.Echoes = echoes;
            var mark = line.Sink.Mark;
            await line.Sink.GoodAsync("i", mark);
            await line.Sink.GoodAsync("h", mark);
            await line.Sink.GoodAsync("j", mark);
            mark = line.Sink.Mark;
            await line.Sink.GoodAsync("i", mark);
            Assert.True((await line.WriteAsync("j", PointValue.Of(3333m))).Ok);
        }

        Assert.DoesNotContain(line.Sink.Readings, r => r.Quality != Quality.Good);
        ThreeReads.AssertNothingWrongIsGood(line);
    }

    [Theory]
    [InlineData(EchoMode.Always, false)]
    [InlineData(EchoMode.Never, true)]
    public async Task Echo_OtherThanConfigured_NothingIsGood(EchoMode mode, bool echoes)
    {
        await using var line = ThreeReads.Line(Transport.Rtu);
        line.Echoes = echoes;
        line.Start(ThreeReads.Deadline, o => o with { Echo = mode });
        await line.Sink.UntilAsync(() => line.Sink.Readings.Count(r => r.Quality == Quality.Bad) >= 6);
        Assert.DoesNotContain(line.Sink.Readings, r => r.Quality == Quality.Good);
        Assert.Equal(mode == EchoMode.Never, line.Adapter.Status.Text.Contains("although the link says echo: never", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_ToEverybodyOnALineThatEchoes_TheNextReadIsGood()
    {
        await using var server = ModbusSerialServer.OnTerminal();
        server.Echoes = true;
        server.Unit(1).SetRegister(RegisterSpace.Holding, 0, 5);
        using var metrics = new ModbusMetrics("line");
        var options = new ModbusRtuOptions("line", default) { Serial = new(server.Device, 115200), Timeout = ThreeReads.Patient, Echo = EchoMode.Always };
        await using var link = new ModbusRtuType().CreateLink(options, metrics, TimeProvider.System);
        Assert.Null(await link.OpenAsync(default));
        var response = new byte[ModbusLimits.Pdu];
        Assert.Equal(TransactionStatus.Ok, (await link.TransactAsync(0, (byte[])[6, 0, 10, 0, 9], response, default)).Status);
        Assert.Equal(new(TransactionStatus.Ok, 4), await link.TransactAsync(1, (byte[])[3, 0, 0, 0, 1], response, default));
        Assert.Equal("03020005", Convert.ToHexString(response.AsSpan(0, 4)));
        Assert.Equal(9, server.Unit(1).Register(RegisterSpace.Holding, 10));
    }
}
