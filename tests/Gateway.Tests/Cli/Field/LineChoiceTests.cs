using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;
using Gateway.Cli;

namespace Gateway.Tests.Cli.Field;

public sealed class LineChoiceTests
{
    [Theory]
    [InlineData("192.0.2.20", "192.0.2.20", 502)]
    [InlineData("plc.local:1502", "plc.local", 1502)]
    [InlineData("[2001:db8::1]:503", "2001:db8::1", 503)]
    [InlineData("2001:db8::1", "2001:db8::1", 502)]
    public void Host_WithOrWithoutPort_IsUnderstood(string text, string host, int port)
    {
        Assert.True(LineChoice.TryHost(text, out var h, out var p));
        Assert.Equal((host, port), (h, p));
    }

    [Theory]
    [InlineData("plc:0")]
    [InlineData("plc:65536")]
    [InlineData("plc:x")]
    [InlineData("tcp://plc")]
    [InlineData("")]
    public void Host_OtherThanAHostAndItsPort_IsNot(string text) => Assert.False(LineChoice.TryHost(text, out _, out _));

    [Fact]
    public void Place_IsARegisterOrADevice()
    {
        Assert.Equal(new RegisterAddress(RegisterSpace.Holding, 100), FieldPlace.Parse(["holding", "100"], out _)!.Register);
        Assert.Equal(new RegisterAddress(RegisterSpace.Coil, 3), FieldPlace.Parse(["coil 3"], out _)!.Register);
        Assert.Equal(new FieldPlace(null, "boiler-7", "setpoint"), FieldPlace.Parse(["boiler-7", "setpoint"], out _));
        Assert.Equal(new FieldPlace(null, "boiler-7"), FieldPlace.Parse(["boiler-7"], out _));
        Assert.Null(FieldPlace.Parse(["40101"], out var modicon));
        Assert.Contains("holding 100", modicon, StringComparison.Ordinal);
        Assert.Null(FieldPlace.Parse(["holding", "65536"], out var beyond));
        Assert.Contains("0 to 65535", beyond, StringComparison.Ordinal);
        Assert.Null(FieldPlace.Parse(["a", "b", "c"], out _));
    }

    [Fact]
    public void SameLine_IsThatOfTheSameHostOrTheSamePortUnderWhateverName()
    {
        var tcp = new ModbusTcpOptions("a", default) { Host = "192.0.2.20" };
        Assert.True(SameLine.Is(tcp, "192.0.2.20:502"));
        Assert.False(SameLine.Is(tcp, "192.0.2.20:503"));

        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var port = Path.Combine(folder.FullName, "tty");
            var link = Path.Combine(folder.FullName, "by-id");
            File.WriteAllText(port, "");
            File.CreateSymbolicLink(link, port);
            var serial = new ModbusRtuOptions("b", default) { Serial = new SerialSettings(port, 9600) };
            Assert.True(SameLine.Is(serial, $"{link} 9600 8N1"));
            Assert.True(SameLine.IsAlike(serial, $"{link} 9600 8N1"));
            Assert.False(SameLine.IsAlike(serial, $"{link} 19200 8E1"));
            Assert.False(SameLine.Is(serial, "/dev/null 9600 8N1"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--link plc --host 192.0.2.20", "exclude each other")]
    [InlineData("--baud 9600", "belong to --serial-port")]
    [InlineData("--rtu", "belongs to --host")]
    [InlineData("--host a:b:c", "not a host and port")]
    [InlineData("--timeout 5", "write for example 500ms")]
    [InlineData("--unit 256", "from 0 to 255")]
    [InlineData("--type word", "word")]
    public void Options_ThatDoNotFit_AreRefusedWithWhatToWrite(string options, string expected)
    {
        var parsed = CommandLine.Create(Gateway.Adapters.AdapterCatalog.All).Parse($"read holding 0 {options}");
        Assert.Contains(parsed.Errors, e => e.Message.Contains(expected, StringComparison.Ordinal));
    }
}
