using Gateway.Adapters.Modbus;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>The keys of a point, as one writes them.</summary>
public class ModbusPointTableTests
{
    private static (PointOptions Value, string Problems) Read(string keys, string addressBase = "0")
    {
        var problems = new ProblemList();
        var type = new ModbusTcpType();
        var device = new ModbusDevice(1) { AddressBase = addressBase switch { "modicon" => AddressBase.Modicon, "1" => AddressBase.One, _ => AddressBase.Zero } };
        var node = ConfigurationFiles.Parse($"id: p\n{keys}\n", "gateway.yaml", problems)!;
        PointTable.Kind([type], type, TestMap.Link(502), "device", device, PointOptions.DefaultEvery).TryRead(node, problems, out var value);
        return (value, string.Join('\n', problems.All));
    }

    [Theory]
    [InlineData("type: bit 0", "holding 7 bit 0")]
    [InlineData("type: bit  15", "holding 7 bit 15")]
    [InlineData("type: int8 hi", "holding 7 int8 hi")]
    [InlineData("type: uint8 lo", "holding 7 uint8 lo")]
    [InlineData("type: float16", "holding 7 float16")]
    [InlineData("type: bcd32\norder: CDAB", "holding 7 bcd32 CDAB")]
    [InlineData("type: string 16", "holding 7 string 16")]
    [InlineData("type: string 250\nencoding: latin-1\ntrim: both", "holding 7 string 250")]
    [InlineData("type: bytes 5", "holding 7 bytes 5")]
    [InlineData("type: uint64\norder: EFGHABCD", "holding 7 uint64 EFGHABCD")]
    [InlineData("type: uint64\norder: GHEFCDAB", "holding 7 uint64 CDAB")]
    [InlineData("mask: 0x0FF0", "holding 7 uint16 mask 0xFF0 shift 4")]
    [InlineData("mask: 240\nshift: 0", "holding 7 uint16 mask 0xF0")]
    [InlineData("type: int32\nshift: 8", "holding 7 int32 shift 8")]
    public void Point_EveryTypeOfTheVocabulary_IsRead(string keys, string expected)
    {
        var (point, problems) = Read("register: holding 7\n" + keys);
        Assert.Equal("", problems);
        Assert.Equal(expected, point.Address.ToString());
    }

    [Theory]
    [InlineData("type: bit", "write bit 0 (the least significant) to bit 15")]
    [InlineData("type: bit 16", "write bit 15 for the last one")]
    [InlineData("type: bit 20", "write bit 4, of the register in which it is")]
    [InlineData("type: int8", "write int8 hi or int8 lo")]
    [InlineData("type: uint8 low", "write uint8 hi or uint8 lo")]
    [InlineData("type: string", "for example string 16")]
    [InlineData("type: string 0", "1 to 250 bytes")]
    [InlineData("type: bytes 251", "1 to 250 bytes")]
    [InlineData("type: bcd", "write bcd16 (4 digits) or bcd32 (8)")]
    [InlineData("type: flaot32", "write float32")]
    [InlineData("type: float16\norder: EFGHABCD", "is an order of 64 bits, and float16 has 16")]
    [InlineData("type: float32\nmask: 0xFF", "mask and shift are for integers of whole registers, not for float32")]
    [InlineData("mask: 0", "no bit of uint16 is left")]
    [InlineData("mask: 0xF0\nshift: 8", "no bit of uint16 is left")]
    [InlineData("mask: 0xXY", "is not bits")]
    [InlineData("type: int16\ntrim: both", "encoding and trim are for strings")]
    [InlineData("type: string 8\nnot-a-number: 0", "has no raw value for \"no value\"")]
    [InlineData("not-a-number: -1", "-1 is no raw value of uint16")]
    [InlineData("not-a-number: 0x10000", "0x10000 is no raw value of uint16")]
    [InlineData("type: float32\nnot-a-number: NaN", "leave it out: NaN and infinity of floats are bad anyway")]
    [InlineData("type: bit 3\nscale: 2", "a bit 3 has no scale and no offset")]
    [InlineData("type: string 4\nprecision: 1", "precision and plausible mean nothing")]
    [InlineData("type: float32\nenum: { 1: on }", "enum names whole numbers")]
    [InlineData("type: bit 0\nenum: { 0: off, 2: on }", "name only these")]
    [InlineData("enum: { 0: off, 0x0: on }", "has two labels")]
    [InlineData("enum: { 0: off, 1: off }", "\"off\" stands for two values")]
    [InlineData("enum: { low: 0 }", "\"low\" is not a value of the point")]
    [InlineData("enum: {}", "a map without labels")]
    [InlineData("plausible: { min: 5, max: 1 }", "no value could be true")]
    [InlineData("plausible: {}", "limits without min and max")]
    [InlineData("type: uint32\nmask: 0xFF\nwrite: {}", "a part of 2 registers cannot be written at once")]
    [InlineData("type: uint8 hi\nnot-a-number: 0xFF00", "0xFF00 is no raw value of uint8 hi")]
    [InlineData("type: string 5\nwrite: {}", "write an even number of bytes")]
    [InlineData("type: string 248\nwrite: {}", "one write carries 123 registers")]
    [InlineData("report: { change: -1 }", "it counts in both directions")]
    [InlineData("report: { change: 1001% }", "at most 1000%")]
    [InlineData("report: {}", "write always, on-change")]
    public void Point_WrittenWrong_SaysWhatToWrite(string keys, string expected)
    {
        var problems = Read("register: holding 7\n" + keys).Problems;
        Assert.Contains(expected, problems);
        Assert.DoesNotContain('\n', problems);
    }

    [Theory]
    [InlineData("type: int16\nnot-a-number: 0x8000", "0x8000")]
    [InlineData("type: int16\nnot-a-number: -32768", "0x8000")]
    [InlineData("type: uint16\nnot-a-number: [by-type, 65534, 0xFFFF]", "0xFFFF, 0xFFFE")]
    [InlineData("type: float32\nnot-a-number: -9999", "0xC61C3C00")]
    [InlineData("type: int8 hi\nnot-a-number: -128", "0x80")]
    [InlineData("type: uint64\nnot-a-number: by-type", "0xFFFFFFFFFFFFFFFF")]
    [InlineData("type: float64\nnot-a-number: by-type", "")]
    public void NotANumber_EitherWay_IsTheRegistersBits(string keys, string expected)
    {
        var (point, problems) = Read("register: holding 7\n" + keys);
        Assert.Equal("", problems);
        Assert.Equal(expected, ((ModbusPoint)point.Address).NotANumber.ToString());
    }

    [Theory]
    [InlineData("0", "holding 0x5B00", "holding 23296 uint16")]
    [InlineData("1", "holding 1", "holding 0 uint16")]
    [InlineData("1", "input 65536", "input 65535 uint16")]
    [InlineData("modicon", "40001", "holding 0 uint16")]
    [InlineData("modicon", "49999", "holding 9998 uint16")]
    [InlineData("modicon", "465536", "holding 65535 uint16")]
    [InlineData("modicon", "30013", "input 12 uint16")]
    [InlineData("modicon", "10001", "discrete 0 bool")]
    [InlineData("modicon", "00017", "coil 16 bool")]
    [InlineData("modicon", "000017", "coil 16 bool")]
    public void Register_CountedAsTheManualDoes_IsTheSameAddress(string addressBase, string register, string expected)
    {
        var (point, problems) = Read($"register: {register}", addressBase);
        Assert.Equal("", problems);
        Assert.Equal(expected, point.Address.ToString());
    }

    [Theory]
    [InlineData("0", "40101", "write holding 100, or address-base: modicon in the device")]
    [InlineData("1", "40101", "write holding 101, or address-base: modicon in the device")]
    [InlineData("1", "holding 0", "counts from 1; write holding 1 for the first one")]
    [InlineData("1", "holding 65537", "from 1 to 65536")]
    [InlineData("modicon", "holding 100", "write 40101 if it counts from 0, 40100 if it counts from 1")]
    [InlineData("modicon", "holding 0", "write 40001 if it counts from 0, or remove address-base")]
    [InlineData("modicon", "40000", "the first of a table is 1")]
    [InlineData("modicon", "20001", "no table begins with 2")]
    [InlineData("modicon", "4001", "it has 4 digits, not five or six")]
    [InlineData("modicon", "465537", "the last of a table is 65536")]
    [InlineData("modicon", "voltage", "is not a register in Modicon's numbers")]
    public void Register_CountedOtherwise_ExplainsTheTrap(string addressBase, string register, string expected)
    {
        var problems = Read($"register: {register}", addressBase).Problems;
        Assert.Contains(expected, problems);
        Assert.DoesNotContain('\n', problems);
    }

    [Fact]
    public void Point_WiderThanAReadOfItsLink_IsRefused()
    {
        var point = TestMap.Point("p", RegisterSpace.Holding, 0, ModbusType.String) with { Address = new ModbusPoint(RegisterSpace.Holding, 0, ModbusType.String) { Number = 40 } };
        Assert.Contains("takes 20 registers, and max-registers is 16", new ModbusTcpType().WhyNot(point, new ModbusDevice(1), TestMap.Link(502) with { Limits = new(16, 64, 0) }));
    }

    [Theory]
    [InlineData("always", ReportWhen.Always, "0", 60)]
    [InlineData("on-change", ReportWhen.Changed, "0", 60)]
    [InlineData("{ change: 0.5 }", ReportWhen.Changed, "0.5", 60)]
    [InlineData("{ change: 5%, at-least: 10s }", ReportWhen.Changed, "5%", 10)]
    [InlineData("{ at-least: 5m }", ReportWhen.AtLeast, "0", 300)]
    public void Report_EveryWay_IsRead(string report, ReportWhen when, string change, int seconds)
    {
        var (point, problems) = Read($"register: holding 7\nreport: {report}");
        Assert.Equal("", problems);
        Assert.Equal((when, change, TimeSpan.FromSeconds(seconds)), (point.Report.When, point.Report.Change.ToString(), point.Report.AtLeast));
    }
}
