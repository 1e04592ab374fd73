using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;
using Gateway.Cli;

namespace Gateway.Tests.Cli.Field;

public sealed class LineChoiceTests
{
    [Theory]
    [InlineData("--host 192.0.2.20", "modbus-tcp", "192.0.2.20:502")]
    [InlineData("--host 192.0.2.20 --transport udp", "modbus-udp", "192.0.2.20:502")]
    [InlineData("--host 192.0.2.20 --transport tls", "modbus-tls", "192.0.2.20:802")]
    [InlineData("--host 192.0.2.20:803 --transport tls", "modbus-tls", "192.0.2.20:803")]
    [InlineData("--host 192.0.2.20 --transport rtu-over-tcp", "modbus-rtu-over-tcp", "192.0.2.20:502")]
    [InlineData("--host 192.0.2.20:950 --transport ascii-over-tcp", "modbus-ascii-over-tcp", "192.0.2.20:950")]
    [InlineData("--serial-port /dev/ttyS0", "modbus-rtu", "/dev/ttyS0 19200 8E1")]
    [InlineData("--serial-port /dev/ttyS0 --transport rtu --baud 9600 --parity none", "modbus-rtu", "/dev/ttyS0 9600 8N1")]
    [InlineData("--serial-port /dev/ttyS0 --transport ascii", "modbus-ascii", "/dev/ttyS0 19200 7E1")]
    [InlineData("--serial-port /dev/ttyS0 --transport ascii --data-bits 8 --parity odd --stop-bits 2", "modbus-ascii", "/dev/ttyS0 19200 8O2")]
    public void Line_OfEveryTransport_IsDescribed(string options, string type, string address)
    {
        var choice = new LineChoice();
        var command = new System.CommandLine.Command("x");
        choice.AddTo(command);
        var parsed = command.Parse($"{options} --timeout 70ms");
        Assert.Empty(parsed.Errors);
        var line = choice.AdHocOf(parsed)!;
        Assert.Equal((type, address, TimeSpan.FromMilliseconds(70)), (line.Type, line.Address, line.Timeout));
    }

    [Fact]
    public void Line_OfTls_HasItsCertificates()
    {
        var choice = new LineChoice();
        var command = new System.CommandLine.Command("x");
        choice.AddTo(command);
        var line = (ModbusTlsOptions)choice.AdHocOf(command.Parse("--host plc --transport tls --ca a.crt --certificate b.crt --key /c.key"))!;
        Assert.Equal(new(Path.GetFullPath("a.crt"), Path.GetFullPath("b.crt"), "/c.key"), line.Tls);
        Assert.Equal($"{{ id: x, type: modbus-tls, host: plc, tls: {{ ca: {Path.GetFullPath("a.crt")}, certificate: {Path.GetFullPath("b.crt")}, key: /c.key }} }}", LineYaml.Of(line, "x"));
    }

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
        Assert.True(SameLine.Is(tcp, ModbusTcpOptions.TypeName, "192.0.2.20:502"));
        Assert.True(SameLine.Is(tcp, ModbusRtuOverTcpOptions.TypeName, "192.0.2.20:502"));
        Assert.False(SameLine.Is(tcp, ModbusUdpOptions.TypeName, "192.0.2.20:502"));
        Assert.False(SameLine.Is(tcp, ModbusTcpOptions.TypeName, "192.0.2.20:503"));

        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var port = Path.Combine(folder.FullName, "tty");
            var link = Path.Combine(folder.FullName, "by-id");
            File.WriteAllText(port, "");
            File.CreateSymbolicLink(link, port);
            var serial = new ModbusRtuOptions("b", default) { Serial = new SerialSettings(port, 9600) };
            Assert.True(SameLine.Is(serial, ModbusRtuOptions.TypeName, $"{link} 9600 8N1"));
            Assert.True(SameLine.IsAlike(serial, $"{link} 9600 8N1"));
            Assert.False(SameLine.IsAlike(serial, $"{link} 19200 8E1"));
            Assert.False(SameLine.Is(serial, ModbusRtuOptions.TypeName, "/dev/null 9600 8N1"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--link plc --host 192.0.2.20", "exclude each other")]
    [InlineData("--baud 9600", "belong to --serial-port")]
    [InlineData("--transport udp", "--transport belongs to --host and --serial-port")]
    [InlineData("--host plc --transport rtu", "or write rtu-over-tcp for one behind a device server")]
    [InlineData("--serial-port /dev/ttyS0 --transport tls", "a serial line speaks rtu or ascii")]
    [InlineData("--host plc --transport ascii-over-tpc", "--transport ascii-over-tpc: write ascii-over-tcp")]
    [InlineData("--host plc --transport dial", "--transport dial: write one of tcp, udp, tls")]
    [InlineData("--serial-port /dev/ttyS0 --parity uneven", "--parity uneven: write")]
    [InlineData("--host plc --ca ca.crt", "belong to --transport tls")]
    [InlineData("--host plc --transport tls --key me.key", "name both, or none")]
    [InlineData("--host plc --baud 9600", "behind a device server they are set there")]
    [InlineData("--serial-port /dev/ttyS0 --data-bits 8", "RTU always has 8")]
    [InlineData("--host 192.0.2.0/24", "edge-gateway scan modbus looks through several")]
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
