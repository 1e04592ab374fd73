using Gateway.Adapters.Modbus;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Every function against a simulated unit, over a line without a wire and in virtual time.</summary>
public sealed class ModbusMasterTests : IDisposable
{
    private readonly FakeLink _link = new();
    private readonly FakeTime _time = new();
    private readonly ModbusMetrics _metrics = new("line");
    private readonly ModbusMaster _master;

    public ModbusMasterTests()
    {
        _master = new(_link, TestMap.Link(502), _metrics, _time);
        Assert.True(_link.OpenAsync(default).IsCompleted);
    }

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task MaskWrite_SetsAndClearsOnlyItsBits()
    {
        // The specification's example (V1.1b3 §6.16): 0x12 AND 0xF2, OR 0x25 AND NOT 0xF2, is 0x17.
        _link.Unit(1).SetRegister(RegisterSpace.Holding, 4, 0x12);
        Assert.True((await _master.MaskWriteAsync(1, 4, 0xF2, 0x25, default)).IsOk);
        Assert.Equal(0x17, _link.Unit(1).Register(RegisterSpace.Holding, 4));
    }

    [Fact]
    public async Task ReadWrite_WritesBeforeItReads()
    {
        Assert.True((await _master.ReadWriteAsync(1, 10, 3, 11, new byte[] { 0, 7, 0, 8 }, default)).IsOk);
        Assert.Equal([0, 0, 0, 7, 0, 8], _master.Values[..6].ToArray());
    }

    [Fact]
    public async Task WriteMany_ReachTheUnit()
    {
        Assert.True((await _master.WriteCoilsAsync(1, 5, 10, new byte[] { 0xCD, 0x01 }, default)).IsOk);
        Assert.Equal(
            [true, false, true, true, false, false, true, true, true, false],
            Enumerable.Range(5, 10).Select(i => _link.Unit(1).Bit(RegisterSpace.Coil, i)));
        Assert.True((await _master.WriteRegistersAsync(1, 9, new byte[] { 1, 2 }, default)).IsOk);
        Assert.Equal(0x0102, _link.Unit(1).Register(RegisterSpace.Holding, 9));
    }

    [Fact]
    public async Task Diagnose_EchoAndCounters_AreTheUnits()
    {
        Assert.Equal((TransactionResult.Ok, (ushort)0xA537), await _master.DiagnoseAsync(1, DiagnosticFunction.ReturnQueryData, 0xA537, default));
        _link.Unit(1).Hide(RegisterSpace.Holding, 9);
        await _master.ReadAsync(1, RegisterSpace.Holding, 9, 1, default);
        Assert.Equal((TransactionResult.Ok, (ushort)1), await _master.DiagnoseAsync(1, DiagnosticFunction.Exceptions, 0, default));
        Assert.Equal((TransactionResult.Ok, (ushort)4), await _master.DiagnoseAsync(1, DiagnosticFunction.ServerMessages, 0, default));
        Assert.True((await _master.DiagnoseAsync(1, DiagnosticFunction.ClearCounters, 0, default)).Result.IsOk);
        Assert.Equal((TransactionResult.Ok, (ushort)0), await _master.DiagnoseAsync(1, DiagnosticFunction.Exceptions, 0, default));
        Assert.Equal(ExceptionCode.IllegalFunction, (await _master.DiagnoseAsync(1, (DiagnosticFunction)99, 0, default)).Result.Exception);
    }

    [Fact]
    public async Task Identify_EachLevel_TellsItsObjects()
    {
        var identity = _link.Unit(1).Identity;
        identity.Set(0, "ACME");
        identity.Set(0x80, "vendor's own\x1b[31m");
        Assert.Equal(["ACME", "SIM", "1.0"], await NamesAsync(IdentificationLevel.Basic));
        Assert.Equal(["ACME", "SIM", "1.0", "simulated unit"], await NamesAsync(IdentificationLevel.Regular));
        Assert.Equal(["ACME", "SIM", "1.0", "simulated unit", "vendor's own.[31m"], await NamesAsync(IdentificationLevel.Extended));
        var (_, one) = await _master.IdentifyAsync(1, IdentificationLevel.One, default, from: 5);
        Assert.Equal(("model", "simulated unit"), (one!.Objects.Single().Name, one.Objects.Single().Text));
        Assert.Equal(ExceptionCode.IllegalDataAddress, (await _master.IdentifyAsync(1, IdentificationLevel.One, default, from: 99)).Result.Exception);
    }

    [Fact]
    public async Task Identify_MoreThanAPduHolds_GoesOnWhereItStopped()
    {
        for (var i = 0; i < 12; i++)
        {
            _link.Unit(1).Identity.Set((byte)(0x80 + i), new string((char)('a' + i), 100));
        }

        var (result, identity) = await _master.IdentifyAsync(1, IdentificationLevel.Extended, default);
        Assert.True(result.IsOk);
        Assert.Equal(16, identity!.Objects.Count);
        Assert.Equal(new string('l', 100), identity.Objects[^1].Text);
        Assert.Equal(6, _link.Requests.Count);
        Assert.Equal([0x2B, 14, 3, 0x80 + 10], _link.Requests[^1].Pdu);
    }

    [Theory]
    [InlineData("2B0E0181FF00010003414243")]
    [InlineData("2B0E0181FF0000")]
    [InlineData("2B0E01810000020103414243000141")]
    public async Task Identify_DeviceThatWouldNeverEnd_IsInvalid(string response)
    {
        _link.Script = (_, _) => Convert.FromHexString(response);
        Assert.Equal(TransactionStatus.Invalid, (await _master.IdentifyAsync(1, IdentificationLevel.Basic, default)).Result.Status);
        Assert.Single(_link.Requests);
    }

    [Fact]
    public async Task Broadcast_IsNotAnsweredAndGivesTheUnitsTime()
    {
        _link.HasBroadcast = true;
        Assert.True((await _master.WriteRegisterAsync(0, 3, 77, default)).IsOk);
        var reading = _master.ReadAsync(1, RegisterSpace.Holding, 3, 1, default).AsTask();
        Assert.Single(_link.Requests);
        _time.Advance(ModbusLinkOptions.DefaultTurnaroundDelay - TimeSpan.FromMilliseconds(1));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await reading).IsOk);
        Assert.True(_master.ReadAsync(1, RegisterSpace.Holding, 3, 1, default).IsCompleted);
    }

    [Fact]
    public void Broadcast_WhatAsks_IsADefectOfTheCaller()
    {
        _link.HasBroadcast = true;
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = _master.ReadAsync(0, RegisterSpace.Holding, 3, 1, default); });
    }

    private async Task<IEnumerable<string>> NamesAsync(IdentificationLevel level) => (await _master.IdentifyAsync(1, level, default)).Identity!.Objects.Select(o => o.Text);
}
