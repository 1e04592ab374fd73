using Gateway.Adapters.Modbus;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>Our simulated device, asked by masters that share no code with us.</summary>
public class SimulatorTests
{
    [Fact]
    public async Task Mbpoll_ReadsAndWritesTheSimulatedDevice()
    {
        await using var server = ModbusTcpServer.Start();
        var unit = server.Unit(1);
        unit.SetRegister(RegisterSpace.Holding, 10, 111);
        unit.SetRegister(RegisterSpace.Holding, 12, 333);
        unit.SetRegister(RegisterSpace.Input, 20, 444);
        unit.SetBit(RegisterSpace.Coil, 9, true);
        unit.SetBit(RegisterSpace.Discrete, 17, true);

        Assert.Equal(["[10]: 111", "[11]: 0", "[12]: 333"], await MbpollAsync(server, "-r", "10", "-c", "3", "-t", "4"));
        Assert.Equal(["[20]: 444"], await MbpollAsync(server, "-r", "20", "-c", "1", "-t", "3"));
        Assert.Equal(["[8]: 0", "[9]: 1"], await MbpollAsync(server, "-r", "8", "-c", "2", "-t", "0"));
        Assert.Equal(["[17]: 1"], await MbpollAsync(server, "-r", "17", "-c", "1", "-t", "1"));

        await MbpollAsync(server, "-r", "30", "-t", "4", "127.0.0.1", "1234");
        await MbpollAsync(server, "-r", "40", "-t", "4", "127.0.0.1", "7", "8", "9");
        await MbpollAsync(server, "-r", "50", "-t", "0", "127.0.0.1", "1", "0", "1");
        Assert.Equal(1234, unit.Register(RegisterSpace.Holding, 30));
        Assert.Equal([7, 8, 9], [unit.Register(RegisterSpace.Holding, 40), unit.Register(RegisterSpace.Holding, 41), unit.Register(RegisterSpace.Holding, 42)]);
        Assert.Equal([true, false, true], [unit.Bit(RegisterSpace.Coil, 50), unit.Bit(RegisterSpace.Coil, 51), unit.Bit(RegisterSpace.Coil, 52)]);
    }

    [Fact]
    public async Task Mbpoll_AddressThatIsNotThere_IsRefused()
    {
        await using var server = ModbusTcpServer.Start();
        server.Unit(1).Hide(RegisterSpace.Holding, 10);
        var (_, output) = await ChildProcess.RunAsync("mbpoll", "-m", "tcp", "-p", $"{server.Endpoint.Port}", "-a", "1", "-0", "-r", "10", "-c", "1", "-t", "4", "-1", "-q", "127.0.0.1");
        Assert.Contains("Illegal data address", output);
    }

    /// <summary>Values as printed; host and values to write go last.</summary>
    private static async Task<string[]> MbpollAsync(ModbusTcpServer server, params string[] arguments)
    {
        string[] host = arguments.Contains("127.0.0.1") ? [] : ["127.0.0.1"];
        var (code, output) = await ChildProcess.RunAsync("mbpoll", ["-m", "tcp", "-p", $"{server.Endpoint.Port}", "-a", "1", "-0", "-1", "-q", .. arguments, .. host]);
        Assert.True(code == 0, output);
        return [.. output.Split('\n').Where(l => l.StartsWith('[')).Select(l => l.Replace("\t", " ", StringComparison.Ordinal).Replace(":  ", ": ", StringComparison.Ordinal).Trim())];
    }
}
