using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gateway.Adapters.Modbus;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>Our simulated devices, asked by pymodbus on every transport and with every function that it has; and by mbpoll on a serial line.</summary>
public sealed class SimulatorClientTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pymodbus_Tcp()
    {
        await using var server = ModbusTcpServer.Start();
        await AssertAsync(server.Unit(1), "tcp", Port(server.Endpoint));
    }

    [Fact]
    public async Task Pymodbus_Udp()
    {
        await using var server = ModbusUdpServer.Start();
        await AssertAsync(server.Unit(1), "udp", Port(server.Endpoint));
    }

    [Fact]
    public async Task Pymodbus_Tls()
    {
        var plant = await Certificates.MakeAsync(_folder, "plant");
        var (certificate, key) = await plant.SignAsync("device", "subjectAltName=IP:127.0.0.1");
        var client = await plant.SignAsync("client", "extendedKeyUsage=clientAuth");
        using var shown = X509Certificate2.CreateFromPemFile(certificate, key);
        var trusted = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust };
        trusted.CustomTrustStore.ImportFromPemFile(plant.Ca);
        await using var server = ModbusTcpServer.Start(
            new(IPAddress.Loopback, 0), tls: new SslServerAuthenticationOptions { ServerCertificate = shown, ClientCertificateRequired = true, CertificateChainPolicy = trusted });
        await AssertAsync(server.Unit(1), "tls", Port(server.Endpoint), plant.Ca, client.Certificate, client.Key);
    }

    [Theory]
    [InlineData("rtu")]
    [InlineData("ascii")]
    public async Task Pymodbus_Serial(string framing)
    {
        await using var server = ModbusSerialServer.OnTerminal(isAscii: framing == "ascii");
        var lines = await AssertAsync(server.Unit(1), framing, server.Device);
        Assert.Contains("after-broadcast [4711]", lines);
    }

    [Fact]
    public async Task Mbpoll_SerialLine_ReadsAndWrites()
    {
        await using var server = ModbusSerialServer.OnTerminal();
        var unit = server.Unit(1);
        Fill(unit);
        Assert.Equal(["[10]: 111", "[11]: 0", "[12]: 333"], await MbpollAsync(server.Device, ["-r", "10", "-c", "3", "-t", "4"]));
        Assert.Equal(["[20]: 444"], await MbpollAsync(server.Device, ["-r", "20", "-c", "1", "-t", "3"]));
        Assert.Equal(["[9]: 1"], await MbpollAsync(server.Device, ["-r", "9", "-c", "1", "-t", "0"]));
        Assert.Equal(["[17]: 1"], await MbpollAsync(server.Device, ["-r", "17", "-c", "1", "-t", "1"]));
        await MbpollAsync(server.Device, ["-r", "30", "-t", "4"], "1234");
        await MbpollAsync(server.Device, ["-r", "40", "-t", "4"], "7", "8", "9");
        Assert.Equal((1234, 7, 9), (unit.Register(RegisterSpace.Holding, 30), unit.Register(RegisterSpace.Holding, 40), unit.Register(RegisterSpace.Holding, 42)));
    }

    private static async Task<string[]> AssertAsync(SimulatedUnit unit, params string[] arguments)
    {
        Fill(unit);
        var (code, output) = await ChildProcess.RunAsync("/usr/bin/python3", ["-u", Path.Combine(AppContext.BaseDirectory, "Modbus", "simulator_client.py"), .. arguments]);
        Assert.True(code == 0, output);
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] expected =
        [
            "coils [True, False, False, False, False, False, False, False]",
            "discretes [True, False, False, False, False, False, False, False]",
            "holding [111, 0, 333]",
            "input [444]",
            "hidden exception 2",
            "read-write [0, 11, 12]",
            "counted True",
            "object 0 Edge Gateway",
            "object 5 simulated unit",
            $"object 129 {new string('b', 200)}",
        ];
        Assert.All(expected, e => Assert.True(lines.Contains(e), $"no \"{e}\" in:\n{output}"));
        Assert.Contains(lines, l => l.StartsWith("echo", StringComparison.Ordinal) && l.Contains("42295", StringComparison.Ordinal));
        Assert.Equal((true, false, true, true), (unit.Bit(RegisterSpace.Coil, 50), unit.Bit(RegisterSpace.Coil, 51), unit.Bit(RegisterSpace.Coil, 52), unit.Bit(RegisterSpace.Coil, 53)));
        Assert.Equal([1234, 7, 8, 9], Enumerable.Range(30, 4).Select(i => (int)unit.Register(RegisterSpace.Holding, i)));
        Assert.Equal(0x17, unit.Register(RegisterSpace.Holding, 40));
        return lines;
    }

    private static void Fill(SimulatedUnit unit)
    {
        unit.SetRegister(RegisterSpace.Holding, 10, 111);
        unit.SetRegister(RegisterSpace.Holding, 12, 333);
        unit.SetRegister(RegisterSpace.Holding, 40, 0x12);
        unit.SetRegister(RegisterSpace.Input, 20, 444);
        unit.SetBit(RegisterSpace.Coil, 9, true);
        unit.SetBit(RegisterSpace.Discrete, 17, true);
        unit.Hide(RegisterSpace.Holding, 60_000);
        unit.Identity.Set(128, new string('a', 200));
        unit.Identity.Set(129, new string('b', 200));
    }

    private static string Port(IPEndPoint endpoint) => endpoint.Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Values as printed.</summary>
    private static async Task<string[]> MbpollAsync(string device, string[] arguments, params string[] values)
    {
        var (code, output) = await ChildProcess.RunAsync("mbpoll", ["-m", "rtu", "-b", "19200", "-P", "none", "-a", "1", "-0", "-1", "-q", "-o", "10", .. arguments, device, .. values]);
        Assert.True(code == 0, output);
        return [.. output.Split('\n').Where(l => l.StartsWith('[')).Select(l => l.Replace("\t", " ", StringComparison.Ordinal).Replace(":  ", ": ", StringComparison.Ordinal).Trim())];
    }
}
