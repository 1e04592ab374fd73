using System.Net;
using System.Text.Json;
using Gateway.Adapters.Modbus;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Field;

/// <summary><c>scan modbus</c> on TCP, on a serial line, and through the daemon.</summary>
public sealed class ScanTests
{
    [Fact]
    public async Task Scan_OfATcpHost_FindsItsUnitsAndSaysWhatToPaste()
    {
        await using var gateway = ModbusTcpServer.Start();
        gateway.Unit(3).SetRegister(RegisterSpace.Holding, 0, 0x1234);
        gateway.Unit(40).Hide(RegisterSpace.Holding, 0);
        var command = await GatewayCommand.RunAsync("scan", "modbus", "--host", $"{gateway.Endpoint}", "--config", "/nowhere/gateway.yaml");

        Assert.Equal(0, command.Code);
        Assert.StartsWith($"{gateway.Endpoint}: unit 3: ", command.Output[0], StringComparison.Ordinal);
        Assert.EndsWith("holding 0 is 1234", command.Output[0], StringComparison.Ordinal);
        Assert.EndsWith("refuses holding 0 (exception 2)", command.Output[1], StringComparison.Ordinal);
        var yaml = string.Join('\n', command.Output.SkipWhile(l => l != "links:"));
        using var folder = new TempFolder();
        var check = await GatewayCommand.RunAsync("check", "--config", folder.Write("pasted.yaml", yaml + "\n"));
        Assert.True(check.Code == 0, $"{yaml}\n{string.Join('\n', check.Errors)}");
        Assert.Contains("unit-id: 40", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_OfPymodbus_WhichIsSilentForUnitsThatAreNotThere_GoesOn()
    {
        await using var site = await FieldSite.PrepareAsync();
        var command = await site.AskAsync("scan modbus --link plc --units 10-19 --timeout 100ms --json");

        Assert.Equal(0, command.Code);
        using var document = JsonDocument.Parse(string.Concat(command.Output));
        var unit = Assert.Single(document.RootElement.EnumerateArray());
        Assert.Equal((17, "plc"), (unit.GetProperty("unit").GetInt32(), unit.GetProperty("link").GetString()));
        Assert.Equal("holding 0 is 00D7", unit.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Scan_ThroughTheDaemon_FindsWhatItPollsAndPollsGoOn()
    {
        await using var site = await FieldSite.StartAsync();
        var command = await site.AskAsync("scan modbus --units 16-17");
        Assert.Equal(0, command.Code);
        Assert.StartsWith($"plc {site.DeviceAddress}: unit 17: ", command.Output[0], StringComparison.Ordinal);
        Assert.DoesNotContain("links:", command.Output);

        await site.Device.SetAsync(17, "hr", 0, 222);
        await using var values = ChildProcess.Start(GatewayProcess.Program, ["values", "--follow", "--config", site.Gateway.Configuration], site.Environment);
        await values.WaitForAsync("boiler/temperature  22.2 °C  good");
        Assert.Equal(0, await site.Gateway.StopAsync());
    }

    [Fact]
    public async Task Scan_OfASerialLine_TriesFormatsAndIsEndedByCtrlCWithWhatWasFound()
    {
        await using var line = ModbusSerialServer.OnTerminal();
        line.Unit(2).SetRegister(RegisterSpace.Holding, 0, 7);
        await using var scan = ChildProcess.Start(
            GatewayProcess.Program, ["scan", "modbus", "--serial-port", line.Device, "--timeout", "1s", "--units", "1-200", "--config", "/nowhere/gateway.yaml"]);
        await scan.WaitForAsync($"{line.Device} 9600 8N1: unit 2: ");
        await ChildProcess.RunAsync("kill", "-INT", $"{scan.Id}");
        await scan.WaitForAsync("interrupted; what was found until then");
        await scan.WaitForAsync($"type: modbus-rtu, serial-port: {line.Device}, baud: 9600, parity: none");
        await scan.WaitForAsync("unit-id: 2");
        Assert.Equal(0, await scan.WaitForExitAsync());

        var formats = await GatewayCommand.RunAsync("scan", "modbus", "--serial-port", line.Device, "--bauds", "2400,38400", "--parities", "even", "--units", "2", "--config", "/nowhere/gateway.yaml");
        Assert.Contains(formats.Output, l => l.StartsWith($"{line.Device} 38400 8E1: unit 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scan_OfANetwork_AsksEveryHostAndNamesThoseThatMayBeGateways()
    {
        // Neighbours on the loopback network: one that does not look at the unit, one that does, and a gateway to unit 40.
        var port = Ports.Free();
        await using var one = ModbusTcpServer.Start(new(IPAddress.Parse("127.0.0.97"), port));
        await using var two = ModbusTcpServer.Start(new(IPAddress.Parse("127.0.0.98"), port));
        await using var gateway = ModbusTcpServer.Start(new(IPAddress.Parse("127.0.0.99"), port));
        _ = (one.Unit(0), one.Unit(1), one.Unit(255), two.Unit(1), gateway.Unit(40));
        var people = await GatewayCommand.RunAsync("scan", "modbus", "--host", $"127.0.0.96/28:{port}", "--config", "/nowhere/gateway.yaml");
        var programs = await GatewayCommand.RunAsync("scan", "modbus", "--host", $"127.0.0.99:{port},127.0.0.98:{port}", "--units", "1,40", "--json", "--config", "/nowhere/gateway.yaml");

        Assert.Equal((0, 0), (people.Code, programs.Code));
        Assert.StartsWith("edge-gateway: asks 14 hosts, 14 at a time, for units 1, 255, 0; takes at most about 1s;", people.Errors[0], StringComparison.Ordinal);
        Assert.Equal("edge-gateway: where nothing was found: 11 × connection refused, 1 × no answer", people.Errors[1]);
        Assert.Single(people.Output, l => l.StartsWith($"127.0.0.97:{port}: unit 1: ", StringComparison.Ordinal));
        Assert.Single(people.Output, l => l.StartsWith($"127.0.0.97:{port}: every unit answers", StringComparison.Ordinal));
        Assert.Single(people.Output, l => l.StartsWith($"127.0.0.99:{port}: takes connections, no answer from units 1, 255, 0: edge-gateway scan modbus --host 127.0.0.99:{port} asks all units", StringComparison.Ordinal));
        Assert.Equal(
            [$"  - {{ id: plc-1, type: modbus-tcp, host: 127.0.0.97, port: {port} }}", $"  - {{ id: plc-2, type: modbus-tcp, host: 127.0.0.98, port: {port} }}"],
            people.Output.SkipWhile(l => l != "links:").Skip(1).TakeWhile(l => l != "devices:"));
        using var document = JsonDocument.Parse(string.Concat(programs.Output));
        Assert.Equal([($"127.0.0.99:{port}", 40), ($"127.0.0.98:{port}", 1)], document.RootElement.EnumerateArray().Select(u => (u.GetProperty("line").GetString()!, u.GetProperty("unit").GetInt32())));
    }

    [Fact]
    public async Task Scan_OfHostsOfWhichTheGatewayHoldsOne_AsksThatThroughIt()
    {
        await using var site = await FieldSite.StartAsync();
        var command = await site.AskAsync($"scan modbus --host {site.DeviceAddress},127.0.0.1:{Ports.Free()} --units 17 --json");
        using var document = JsonDocument.Parse(string.Concat(command.Output));
        var unit = Assert.Single(document.RootElement.EnumerateArray());
        Assert.Equal(("plc", true, 17), (unit.GetProperty("link").GetString(), unit.GetProperty("held-by-gateway").GetBoolean(), unit.GetProperty("unit").GetInt32()));
        Assert.Equal(0, await site.Gateway.StopAsync());
    }

    [Fact]
    public async Task Scan_WhereNobodyIs_SaysWhatToTry()
    {
        await using var line = ModbusSerialServer.OnTerminal();
        var nobody = await GatewayCommand.RunAsync("scan", "modbus", "--serial-port", line.Device, "--baud", "9600", "--timeout", "50ms", "--units", "1-3", "--config", "/nowhere/gateway.yaml");
        var closed = await GatewayCommand.RunAsync("scan", "modbus", "--host", $"127.0.0.1:{Ports.Free()}", "--config", "/nowhere/gateway.yaml");
        var units = await GatewayCommand.RunAsync("scan", "modbus", "--host", "127.0.0.1", "--units", "1-300");
        var large = await GatewayCommand.RunAsync("scan", "modbus", "--host", "10.0.0.0/8");
        var empty = await GatewayCommand.RunAsync("scan", "modbus", "--host", $"127.0.0.0/30:{Ports.Free()}", "--config", "/nowhere/gateway.yaml");

        Assert.Equal((1, 1, 2, 2, 1), (nobody.Code, closed.Code, units.Code, large.Code, empty.Code));
        Assert.Contains(large.Errors, l => l.Contains("take a part of it, for example 10.0.0.0/22", StringComparison.Ordinal));
        Assert.Contains(empty.Errors, l => l.Contains("nobody answers; check the addresses", StringComparison.Ordinal));
        Assert.Contains("nobody answers; check power and wiring", Assert.Single(nobody.Errors), StringComparison.Ordinal);
        Assert.Contains("connection refused", Assert.Single(closed.Errors), StringComparison.Ordinal);
        Assert.Contains("for example 1-32", Assert.Single(units.Errors), StringComparison.Ordinal);
    }
}
