using Gateway.Adapters.Modbus;
using Gateway.Configuration;

namespace Gateway.Tests.Adapters.Modbus;

public class ModbusOptionsTableTests
{
    /// <param name="read">The table.</param>
    /// <param name="keys">One a line: <c>key: value</c>; all this test needs of YAML.</param>
    private static (T Value, string Problems) Read<T>(Func<MapReader, T> read, string keys)
    {
        var problems = new ProblemList();
        var at = new SourcePosition("gateway.yaml", 1, 1);
        var entries = keys.Split('\n').Select(line => line.Split(": ", 2)).Select(pair => new MapEntry(pair[0], at, new ScalarNode(at, pair[1], IsPlain: true)));
        new Table<T>("a map", "{}", read).TryRead(new MapNode(at, [.. entries]), problems, out var value);
        return (value, string.Join('\n', problems.All));
    }

    private static (ModbusPoint Value, string Problems) Point(string yaml) => Read(map => ModbusPointTable.Read(map, AddressBase.Zero), yaml);

    private static (ModbusTcpOptions Value, string Problems) Link(string yaml) => Read(map => ModbusLinkTable.ReadTcp(map, "plc"), yaml);

    [Theory]
    [InlineData("register: holding 100", "holding 100 uint16")]
    [InlineData("register: input 0\ntype: float32\norder: CDAB", "input 0 float32 CDAB")]
    [InlineData("register: coil 3", "coil 3 bool")]
    [InlineData("register: discrete 65535\ntype: bool", "discrete 65535 bool")]
    [InlineData("register: holding 65532\ntype: uint64", "holding 65532 uint64")]
    public void Point_WellWritten_IsRead(string yaml, string expected)
    {
        var (point, problems) = Point(yaml);
        Assert.Equal("", problems);
        Assert.Equal(expected, point.ToString());
    }

    [Theory]
    [InlineData("type: int16", "\"register\" is missing")]
    [InlineData("register: 40101", "write holding 100")]
    [InlineData("register: 30001", "write input 0")]
    [InlineData("register: 400101", "write holding 100")]
    [InlineData("register: 100", "write holding 100 or input 100")]
    [InlineData("register: holding 65536", "from 0 to 65535")]
    [InlineData("register: holding 0x10000", "from 0 to 65535")]
    [InlineData("register: Holding 1", "is not a register")]
    [InlineData("register: holding 65535\ntype: int32", "write at most 65534")]
    [InlineData("register: holding 1\ntype: bool", "a bool is one bit")]
    [InlineData("register: coil 1\ntype: int16", "a coil is one bit")]
    [InlineData("register: holding 1\ntype: float", "write float32")]
    [InlineData("register: holding 1\norder: BA", "write BADC")]
    public void Point_WrittenWrong_SaysWhatToWrite(string yaml, string expected) => Assert.Contains(expected, Point(yaml).Problems);

    [Fact]
    public void Point_RegisterWrong_IsOneProblem() => Assert.Single(Point("register: hold 1\ntype: bool").Problems.Split('\n'));

    [Fact]
    public void Link_OnlyHost_HasTheDefaults()
    {
        var (link, problems) = Link("host: 192.0.2.20");
        Assert.Equal("", problems);
        Assert.Equal(("192.0.2.20:502", TimeSpan.FromMilliseconds(500)), (link.Address, link.Timeout));
        Assert.Equal(new PlanLimits(125, 2000, 32), link.Limits);
    }

    [Fact]
    public void Link_AllKeys_AreRead()
    {
        var (link, problems) = Link(
            "host: 2001:db8::1\nport: 1502\ntimeout: 1s\nconnect-timeout: 5s\nconnect-delay: 200ms\ndelay-between-requests: 20ms\n"
            + "max-registers: 16\nmax-bits: 64\nmax-gap: 0\ndegrade-after: 5\nprobe-every: 1m");
        Assert.Equal("", problems);
        Assert.Equal("[2001:db8::1]:1502", link.Address);
        Assert.Equal(new PlanLimits(16, 64, 0), link.Limits);
        Assert.Equal((TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), 5), (link.DelayBetweenRequests, link.ConnectDelay, link.DegradeAfter));
    }

    [Fact]
    public void Device_SaysHowItIsRead_GoesBeforeItsLink()
    {
        var (device, problems) = Read(new ModbusTcpType().ReadDevice, "unit-id: 7\nmax-registers: 16\nmax-gap: 0\none-request-per-point: true");
        Assert.Equal("", problems);
        Assert.Equal(new PlanOverrides(16, null, 0, OneRequestPerPoint: true), ((ModbusDevice)device).Plan);
        Assert.Equal(PlanOverrides.None, ((ModbusDevice)Read(new ModbusRtuType().ReadDevice, "unit-id: 7").Value).Plan);
    }

    [Theory]
    [InlineData("max-registers: 3", "from 4 to 125")]
    [InlineData("max-gap: 126", "from 0 to 125")]
    [InlineData("one-request-per-point: yes", "write true")]
    public void Device_WrittenWrong_SaysWhatToWrite(string yaml, string expected) => Assert.Contains(expected, Read(new ModbusTcpType().ReadDevice, yaml).Problems);

    [Theory]
    [InlineData("port: 502", "\"host\" is missing")]
    [InlineData("host: a\nmax-registers: 126", "from 4 to 125")]
    [InlineData("host: a\ntimeout: 500", "has no unit")]
    [InlineData("host: a\nbackup-port: 503", "add backup-host")]
    [InlineData("host: a\nbackup-host: a", "is the host itself")]
    public void Link_WrittenWrong_SaysWhatToWrite(string yaml, string expected) => Assert.Contains(expected, Link(yaml).Problems);

    [Theory]
    [InlineData(RegisterSpace.Holding, ModbusType.Int16, 0.1, 0, true, null)]
    [InlineData(RegisterSpace.Coil, ModbusType.Bool, 1, 0, true, null)]
    [InlineData(RegisterSpace.Input, ModbusType.Int16, 1, 0, true, "name a holding register")]
    [InlineData(RegisterSpace.Discrete, ModbusType.Bool, 1, 0, true, "name a coil")]
    [InlineData(RegisterSpace.Coil, ModbusType.Bool, 0.1, 0, false, "no scale")]
    [InlineData(RegisterSpace.Holding, ModbusType.Int16, 0, 0, false, "a scale of 0")]
    [InlineData(RegisterSpace.Holding, ModbusType.UInt64, 1e10, 0, false, "28 digits")]
    public void WhyNot_ImpossiblePoint_SaysWhy(RegisterSpace space, ModbusType type, double scale, double offset, bool isWritten, string? expected)
    {
        var point = TestMap.Point("p", space, 0, type) with { Scale = (decimal)scale, Offset = (decimal)offset, Write = isWritten ? new(null, null) : null };
        var problem = new ModbusTcpType().WhyNot(point, new ModbusDevice(1), TestMap.Link(502));
        if (expected is null)
        {
            Assert.Null(problem);
        }
        else
        {
            Assert.Contains(expected, problem);
        }
    }
}
