using System.Text.Json;
using Gateway.Adapters.Modbus;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Field;

/// <summary><c>read</c> of pymodbus, through the daemon and without it.</summary>
public sealed class ReadTests
{
    private const string Held = ", through the running gateway";

    [Fact]
    public async Task Read_ThroughTheDaemonAndWithoutIt_ShowsTheSame()
    {
        await using var site = await FieldSite.PrepareAsync();
        var own = await site.AskAsync("read holding 100");
        await site.Gateway.StartAsync();
        var held = await site.AskAsync("read --link plc --unit 17 holding 100");
        var adHoc = await site.AskAsync($"read --host {site.DeviceAddress} --unit 17 holding 100");

        Assert.Equal($"plc {site.DeviceAddress}, unit 17", own.Output[0]);
        Assert.Equal(own.Output[0] + Held, held.Output[0]);
        Assert.Equal(held.Output, adHoc.Output);
        Assert.Equal(own.Output.Skip(1), held.Output.Skip(1));
        Assert.Equal((0, 0, 0), (own.Code, held.Code, adHoc.Code));
        Assert.Contains("holding 100  6666     26214   26214", own.Output);
        var floats = own.Output.Single(l => l.Contains("float32", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("231.4", floats[4]);
    }

    [Fact]
    public async Task Read_OfEveryTransportWithoutAConfiguration_ShowsTheSame()
    {
        await using var udp = ModbusUdpServer.Start();
        await using var rtu = ModbusSerialServer.BehindDeviceServer();
        await using var ascii = ModbusSerialServer.BehindDeviceServer(isAscii: true);
        await using var line = ModbusSerialServer.OnTerminal(isAscii: true);
        foreach (var unit in new[] { udp.Unit(3), rtu.Unit(3), ascii.Unit(3), line.Unit(3) })
        {
            unit.SetRegister(RegisterSpace.Holding, 7, 0x1234);
        }

        foreach (var where in new[] { $"--host {udp.Endpoint} --transport udp", $"--host {rtu.Endpoint} --transport rtu-over-tcp", $"--host {ascii.Endpoint} --transport ascii-over-tcp", $"--serial-port {line.Device} --transport ascii" })
        {
            var command = await GatewayCommand.RunAsync(["read", "holding", "7", "--type", "uint16", "--unit", "3", "--timeout", "2s", "--config", "/nowhere/gateway.yaml", .. where.Split(' ')]);
            Assert.True(command.Code == 0, $"{where}: {string.Join('\n', command.Errors)}");
            Assert.Equal("holding 7  1234    4660", command.Output[2]);
        }
    }

    [Fact]
    public async Task Read_OfAType_OfAPointAndForPrograms()
    {
        await using var site = await FieldSite.StartAsync();
        var typed = await site.AskAsync("read holding 100 --type float32 --order CDAB");
        var point = await site.AskAsync("read boiler power");
        var all = await site.AskAsync("read boiler");
        var json = await site.AskAsync("read holding 100 --type float32 --order CDAB --json");
        var coils = await site.AskAsync("read coil 0 --count 10");

        Assert.Matches(@"^holding 100  6666 4367 +231\.4$", typed.Output[2]);
        Assert.Matches(@"^power  holding 100 float32 CDAB  6666 4367  231\.4  kW$", point.Output[2]);
        Assert.Matches(@"^temperature +holding 0 int16 +00D7 +21\.5  °C$", all.Output[2]);
        Assert.Equal(6, all.Output.Count);
        using var document = JsonDocument.Parse(string.Concat(json.Output));
        Assert.Equal(231.4f, document.RootElement.GetProperty("values")[0].GetSingle());
        Assert.Equal([0x6666, 0x4367], document.RootElement.GetProperty("registers").EnumerateArray().Select(v => v.GetInt32()));
        Assert.True(document.RootElement.GetProperty("held-by-gateway").GetBoolean());
        Assert.Equal(12, coils.Output.Count);
        Assert.Equal(0, await site.Gateway.StopAsync());
    }

    [Fact]
    public async Task Read_WhatIsNotThere_SaysWhatToTry()
    {
        await using var site = await FieldSite.StartAsync();
        var hole = await site.AskAsync("read holding 2000");
        var point = await site.AskAsync("read boiler powr");
        var link = await site.AskAsync("read --link plv holding 0");
        var modicon = await site.AskAsync("read 40101");
        await site.Device.KillAsync();
        var dead = await site.AskAsync("read holding 0");

        Assert.Equal((1, 1, 1, 2, 1), (hole.Code, point.Code, link.Code, modicon.Code, dead.Code));
        Assert.EndsWith("exception 2: no register 2000 here; many manuals count from 1: try 1999; or the other table: try input 2000", Assert.Single(hole.Errors), StringComparison.Ordinal);
        Assert.EndsWith("boiler has no point powr; the nearest name is power", Assert.Single(point.Errors), StringComparison.Ordinal);
        Assert.EndsWith("there is no link plv in the configuration; the nearest name is plc", Assert.Single(link.Errors), StringComparison.Ordinal);
        Assert.Contains("write holding 100", Assert.Single(modicon.Errors), StringComparison.Ordinal);
        Assert.Matches("connection (refused|closed|reset)", Assert.Single(dead.Errors));
    }

    [Fact]
    public async Task Read_ByAUserWhoMayNotAsk_IsRefusedAndOpensNoSecondConnection()
    {
        await using var site = await FieldSite.StartAsync();
        var command = await GatewayCommand.RunAsync(
            [.. GatewayCommand.AsNobody, "env", $"RUNTIME_DIRECTORY={site.Gateway.RuntimeFolder}"], ["read", "holding", "0", "--config", site.Gateway.Configuration]);
        Assert.NotEqual(0, command.Code);
        Assert.Empty(command.Output);
    }

    [Fact]
    public async Task Read_OfASerialLine_WithoutAnyConfiguration()
    {
        await using var server = ModbusSerialServer.OnTerminal();
        server.Unit(5).SetRegister(Gateway.Adapters.Modbus.RegisterSpace.Input, 30, 777);
        var good = await GatewayCommand.RunAsync("read", "--serial-port", server.Device, "--baud", "9600", "--parity", "none", "--unit", "5", "--timeout", "2s", "input", "30", "--config", "/nowhere/gateway.yaml");
        var silent = await GatewayCommand.RunAsync("read", "--serial-port", server.Device, "--unit", "6", "--timeout", "50ms", "input", "30", "--config", "/nowhere/gateway.yaml");

        Assert.Equal($"{server.Device} 9600 8N1, unit 5", good.Output[0]);
        Assert.Matches("^input 30 +0309 +777 +777$", good.Output[2]);
        Assert.Equal(1, silent.Code);
        Assert.Contains("input 30 to 31: timeout; check that the device has power", Assert.Single(silent.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OfASerialLineThatTheDaemonHolds_GoesThroughIt()
    {
        using var folder = new TempFolder();
        await using var server = ModbusSerialServer.OnTerminal();
        server.Unit(5).SetRegister(Gateway.Adapters.Modbus.RegisterSpace.Holding, 1, 99);
        await using var gateway = new GatewayProcess(folder, $$"""
            gateway: { id: gw-1, data: data }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{Ports.Free()}} }] }
            links: [{ id: bus, type: modbus-rtu, serial-port: {{server.Device}}, timeout: 2s }]
            devices: [{ id: meter, link: bus, unit-id: 5, points: [{ id: p, register: holding 0 }] }]

            """);
        await gateway.StartAsync();
        var held = await gateway.AskAsync("read", "meter", "--json");
        var adHoc = await gateway.AskAsync("read", "--serial-port", server.Device, "--unit", "5", "holding", "1");
        var otherwise = await gateway.AskAsync("read", "--serial-port", server.Device, "--baud", "9600", "--unit", "5", "holding", "1");

        Assert.Equal(0, held.Code);
        Assert.Equal($"bus {server.Device} 19200 8E1, unit 5{Held}", adHoc.Output[0]);
        Assert.Equal(1, otherwise.Code);
        Assert.Contains("the running gateway holds this line, as modbus-rtu link bus", Assert.Single(otherwise.Errors), StringComparison.Ordinal);
    }
}
