using Gateway.Adapters;
using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>The keys of every transport, written well and written wrong.</summary>
public class ModbusLinkTableTests
{
    private static (ModbusLinkOptions? Link, string Problems) Read(string keys)
    {
        var (configuration, problems) = ConfigurationLoader.Parse($"links: [{{ id: line, {keys} }}]", "x.yaml", AdapterCatalog.All);
        return ((ModbusLinkOptions?)configuration?.Links[0], string.Join('\n', problems.All.Where(p => !p.IsWarning)));
    }

    [Theory]
    [InlineData("type: modbus-tcp, host: h", "h:502")]
    [InlineData("type: modbus-udp, host: h, broadcast: true", "h:502")]
    [InlineData("type: modbus-tls, host: h, tls: {}", "h:802")]
    [InlineData("type: modbus-rtu, serial-port: /dev/ttyS0", "/dev/ttyS0 19200 8E1")]
    [InlineData("type: modbus-ascii, serial-port: /dev/ttyS0", "/dev/ttyS0 19200 7E1")]
    [InlineData("type: modbus-ascii, serial-port: /dev/ttyS0, data-bits: 8, parity: none, stop-bits: 2", "/dev/ttyS0 19200 8N2")]
    [InlineData("type: modbus-ascii-over-tcp, host: h, port: 4001", "h:4001")]
    public void Link_WellWritten_HasTheDefaultsOfItsKind(string keys, string address)
    {
        var (link, problems) = Read(keys);
        Assert.Equal(("", address), (problems, link!.Address));
        Assert.Equal((0, 0, TimeSpan.FromMilliseconds(200)), (link.ReadRetries, link.WriteRetries, link.TurnaroundDelay));
    }

    [Fact]
    public void Connection_AllKeys_AreRead()
    {
        var (link, problems) = Read("type: modbus-tcp, host: a, backup-host: b, backup-port: 503, close-after-idle: 10s, read-retries: 2, write-retries: 1, turnaround-delay: 50ms, broadcast: true");
        Assert.Equal("", problems);
        var tcp = (ModbusTcpOptions)link!;
        Assert.Equal(("b:503", TimeSpan.FromSeconds(10), true), (tcp.BackupAddress, tcp.CloseAfterIdle, tcp.HasBroadcast));
        Assert.Equal((2, 1, TimeSpan.FromMilliseconds(50)), (tcp.ReadRetries, tcp.WriteRetries, tcp.TurnaroundDelay));
    }

    [Fact]
    public void Serial_AllKeys_AreRead()
    {
        var (link, problems) = Read("type: modbus-rtu, serial-port: /dev/ttyS0, low-latency: true, rs485: { rts-on-send: false, rts-after-send: true, delay-before-send: 1ms, delay-after-send: 2ms, termination: true }");
        Assert.Equal("", problems);
        var serial = ((ModbusRtuOptions)link!).Serial;
        Assert.True(serial.LowLatency);
        Assert.Equal(new Rs485Settings(false, true, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), true), serial.Rs485);
        Assert.Equal("/dev/ttyS0", link.DeviceNode);
    }

    [Theory]
    [InlineData("type: modbus-rtu, serial-port: /dev/ttyS0", EchoMode.Auto)]
    [InlineData("type: modbus-ascii, serial-port: /dev/ttyS0, echo: always", EchoMode.Always)]
    [InlineData("type: modbus-rtu-over-tcp, host: h, echo: never", EchoMode.Never)]
    [InlineData("type: modbus-ascii-over-tcp, host: h, echo: auto", EchoMode.Auto)]
    public void Echo_OfEveryLineThatMayHaveOne_IsRead(string keys, EchoMode expected)
    {
        var (link, problems) = Read(keys);
        Assert.Equal(("", expected), (problems, link!.Echo));
    }

    [Theory]
    [InlineData("type: modbus-rtu, serial-port: /dev/ttyS0, echo: on", "write always")]
    [InlineData("type: modbus-rtu, serial-port: /dev/ttyS0, echo: off", "write never")]
    [InlineData("type: modbus-tcp, host: h, echo: auto", "unknown key \"echo\"")]
    [InlineData("type: modbus-tls, host: h", "\"tls\" is missing")]
    [InlineData("type: modbus-tls, host: h, tls: { certificate: gw.crt }", "add key: gw.key")]
    [InlineData("type: modbus-udp, host: h, backup-host: b", "backup-host")]
    [InlineData("type: modbus-rtu, serial-port: /dev/ttyS0, data-bits: 7", "data-bits")]
    [InlineData("type: modbus-ascii, serial-port: /dev/ttyS0, data-bits: 6", "from 7 to 8")]
    [InlineData("type: modbus-rtu, serial-port: /dev/ttyS0, rs485: { rts-on-send: false }", "the line would never turn")]
    [InlineData("type: modbus-rtu, serial-port: /dev/ttyS0, rs485: { delay-after-send: 1s }", "100ms")]
    [InlineData("type: modbus-tcp, host: h, read-retries: 6", "from 0 to 5")]
    [InlineData("type: modbus-tcp, host: h, rs485: {}", "rs485")]
    public void Link_WrittenWrong_SaysWhatToWrite(string keys, string expected) => Assert.Contains(expected, Read(keys).Problems, StringComparison.Ordinal);
}
