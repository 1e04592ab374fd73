using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

public class WriteTests
{
    private readonly ModbusTcpServer _server = ModbusTcpServer.Start();

    private RunningAdapter Start(params PointOptions[] points)
    {
        _server.Unit(1);
        return RunningAdapter.Start(_server, points);
    }

    private RunningAdapter StartImpatient(PointOptions point)
    {
        _server.Unit(1);
        return RunningAdapter.Start(_server, link => [TestMap.Device(link, "device", 1, point)], link => link with { Timeout = TimeSpan.FromMilliseconds(300) });
    }

    private static PointOptions Register(ModbusType type = ModbusType.Int16) =>
        TestMap.Point("p", RegisterSpace.Holding, 5, type, every: 60_000).Writable();

    [Fact]
    public async Task Write_ScaledRegister_IsWrittenAndReadBack()
    {
        await using var adapter = Start(Register() with { Scale = 0.1m });
        Assert.Equal(new WriteResult(true, null, PointValue.Of(-21.5m)), await adapter.WriteAsync("p", PointValue.Of(-21.5m)));
        Assert.Equal(unchecked((ushort)-215), _server.Unit(1).Register(RegisterSpace.Holding, 5));
        await adapter.Sink.ReadingAsync("p", r => r.Value == PointValue.Of(-21.5m));
    }

    [Fact]
    public async Task Write_Coil_IsWrittenAndReadBack()
    {
        await using var adapter = Start(TestMap.Point("c", RegisterSpace.Coil, 3, ModbusType.Bool, every: 60_000).Writable());
        Assert.Equal(new WriteResult(true, null, PointValue.Of(true)), await adapter.WriteAsync("c", PointValue.Of(true)));
        Assert.True(_server.Unit(1).Bit(RegisterSpace.Coil, 3));
    }

    [Theory]
    [InlineData(PartWrites.MaskWrite)]
    [InlineData(PartWrites.ReadModifyWrite)]
    public async Task Write_PartOfARegister_LeavesItsOtherBits(PartWrites how)
    {
        var unit = _server.Unit(1);
        unit.SetRegister(RegisterSpace.Holding, 5, 0xA5F0);
        PointOptions Part(string id, ModbusPoint address) => Register() with { Id = id, Address = address with { PartWrites = how } };
        await using var adapter = Start(
            Part("bit", new(RegisterSpace.Holding, 5, ModbusType.Bit) { Number = 1 }),
            Part("high", new(RegisterSpace.Holding, 5, ModbusType.UInt8Hi)),
            Part("field", new(RegisterSpace.Holding, 5, ModbusType.UInt16) { Mask = 0x00F0, Shift = 4 }),
            Part("swapped", new(RegisterSpace.Holding, 5, ModbusType.Bit, ByteOrder.Badc) { Number = 15 }));
        Assert.Equal(new WriteResult(true, null, PointValue.Of(true)), await adapter.WriteAsync("bit", PointValue.Of(true)));
        Assert.Equal(0xA5F2, unit.Register(RegisterSpace.Holding, 5));
        Assert.Equal(new WriteResult(true, null, PointValue.Of(18m)), await adapter.WriteAsync("high", PointValue.Of(18m)));
        Assert.Equal(0x12F2, unit.Register(RegisterSpace.Holding, 5));
        Assert.Equal(new WriteResult(true, null, PointValue.Of(3m)), await adapter.WriteAsync("field", PointValue.Of(3m)));
        Assert.Equal(0x1232, unit.Register(RegisterSpace.Holding, 5));
        Assert.Equal(new WriteResult(true, null, PointValue.Of(true)), await adapter.WriteAsync("swapped", PointValue.Of(true)));
        Assert.Equal(0x12B2, unit.Register(RegisterSpace.Holding, 5));
        Assert.Contains("out of the range", (await adapter.WriteAsync("field", PointValue.Of(16m))).Reason);
    }

    [Fact]
    public async Task Write_PartOfARegisterToADeviceWithoutMaskWrite_SaysWhatToDo()
    {
        await using var adapter = Start(TestMap.Point("p", RegisterSpace.Holding, 5, ModbusType.Bit, every: 60_000).Writable());
        await adapter.Sink.GoodAsync("p");
        _server.Faults.Next(new Fault(FaultKind.Exception, Exception: ExceptionCode.IllegalFunction));
        Assert.Contains("add write-bits: read-modify-write", (await adapter.WriteAsync("p", PointValue.Of(true))).Reason);
    }

    [Fact]
    public async Task Write_Text_IsPaddedAndReadBack()
    {
        var point = Register() with { Address = new ModbusPoint(RegisterSpace.Holding, 5, ModbusType.String) { Number = 8 } };
        await using var adapter = Start(point);
        Assert.Equal(new WriteResult(true, null, PointValue.Of("Kälte")), await adapter.WriteAsync("p", PointValue.Of("Kälte")));
        Assert.Equal(0, _server.Unit(1).Register(RegisterSpace.Holding, 8));
    }

    [Fact]
    public async Task Write_OutOfTheRegistersRange_FailsAndWritesNothing()
    {
        await using var adapter = Start(Register());
        var result = await adapter.WriteAsync("p", PointValue.Of(40000m));
        Assert.False(result.Ok);
        Assert.Contains("out of the range of int16", result.Reason);
        Assert.Equal(0, _server.Unit(1).Register(RegisterSpace.Holding, 5));
    }

    [Fact]
    public async Task Write_Refused_SaysWhy()
    {
        await using var adapter = Start(Register());
        await adapter.Sink.GoodAsync("p");
        _server.Faults.Next(new Fault(FaultKind.Exception, Exception: ExceptionCode.IllegalDataValue));
        Assert.Equal(new WriteResult(false, "illegal data value", null), await adapter.WriteAsync("p", PointValue.Of(1m)));
    }

    [Fact]
    public async Task Write_NoAnswer_IsNotRepeated()
    {
        await using var adapter = StartImpatient(Register());
        await adapter.Sink.GoodAsync("p");
        var before = _server.Unit(1).Requests;
        _server.Faults.Next(new Fault(FaultKind.Silence));
        var result = await adapter.WriteAsync("p", PointValue.Of(1m));
        Assert.False(result.Ok);
        Assert.StartsWith("timeout", result.Reason);
        Assert.Equal(before + 1, _server.Unit(1).Requests);
    }

    [Fact]
    public async Task Write_AcknowledgedAsLong_IsReadBack()
    {
        await using var adapter = Start(Register());
        await adapter.Sink.GoodAsync("p");
        _server.Unit(1).SetRegister(RegisterSpace.Holding, 5, 9);
        _server.Faults.Next(new Fault(FaultKind.Exception, Exception: ExceptionCode.Acknowledge), new Fault(FaultKind.Exception, Exception: ExceptionCode.ServerDeviceBusy));
        Assert.Equal(new WriteResult(true, null, PointValue.Of(9m)), await adapter.WriteAsync("p", PointValue.Of(9m)));
    }

    [Fact]
    public async Task Write_DeviceHoldsSomethingElse_IsAFailureThatTellsIt()
    {
        await using var adapter = Start(Register());
        await adapter.Sink.GoodAsync("p");
        _server.Unit(1).SetRegister(RegisterSpace.Holding, 5, 8);
        _server.Faults.Next(new Fault(FaultKind.Exception, Exception: ExceptionCode.Acknowledge));
        Assert.Equal(new WriteResult(false, "the device holds 8 instead", PointValue.Of(8m)), await adapter.WriteAsync("p", PointValue.Of(9m)));
    }

    [Fact]
    public async Task Write_ConnectionWasClosedMeanwhile_IsOpenedAgainFirst()
    {
        await using var adapter = Start(Register());
        await adapter.Sink.GoodAsync("p");
        _server.DropConnections();
        Assert.True((await adapter.WriteAsync("p", PointValue.Of(1m))).Ok);
    }

    [Fact]
    public async Task Write_LineIsDown_FailsWithItsReason()
    {
        // A poll may be answered before the server is gone: the next one is soon.
        var adapter = Start(Register() with { Every = TimeSpan.FromMilliseconds(50) });
        await _server.DisposeAsync();

        // The connection it had may end with a reset; from the next attempt on nobody listens.
        await adapter.Sink.StateAsync("device", s => !s.Online && s.Reason?.Contains("connection refused", StringComparison.Ordinal) == true);
        Assert.Equal(new WriteResult(false, "connection refused", null), await adapter.WriteAsync("p", PointValue.Of(1m)));
        await adapter.DisposeAsync();
        Assert.Equal("the link has stopped", (await adapter.WriteAsync("p", PointValue.Of(1m))).Reason);
    }

    [Fact]
    public async Task Write_InputRegisterOrForeignDevice_IsRefused()
    {
        await using var adapter = Start(TestMap.Point("i", RegisterSpace.Input, 1, ModbusType.UInt16));
        Assert.Equal("input registers cannot be written", (await adapter.WriteAsync("i", PointValue.Of(1m))).Reason);
        var foreign = Register() with { Device = "other" };
        Assert.Equal("other is not on this line", (await adapter.Adapter.WriteAsync(foreign, PointValue.Of(1m), default)).Reason);
    }

    [Theory]
    [InlineData(ByteOrder.Abcd)]
    [InlineData(ByteOrder.Cdab)]
    [InlineData(ByteOrder.Badc)]
    [InlineData(ByteOrder.Dcba)]
    public async Task Write_EveryNumberType_ReadsBackInEveryOrder(ByteOrder order)
    {
        ModbusType[] types = [.. Enum.GetValues<ModbusType>().Where(t => !t.IsBoolean() && !t.IsText() && !t.IsByte())];
        await using var adapter = Start([.. types.Select(t => TestMap.Point(t.Word(), RegisterSpace.Holding, (int)t * 4, t, order, 60_000).Writable())]);
        foreach (var type in types)
        {
            var value = type switch { ModbusType.Float32 => PointValue.Of(231.4f), ModbusType.Float64 => PointValue.Of(231.4), ModbusType.Float16 => PointValue.Of(0.1f), ModbusType.Bcd16 => PointValue.Of(1234m), _ => PointValue.Of(12345m) };
            Assert.Equal(new WriteResult(true, null, value), await adapter.WriteAsync(type.Word(), value));
        }
    }
}
