using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;

namespace Gateway.EndToEnd.Tests.Field;

/// <summary><c>write</c> into pymodbus, through the daemon and without it.</summary>
public sealed class WriteTests
{
    private const string CtrlC = "\u0003";

    [Fact]
    public async Task Write_ThroughTheDaemon_SaysWhatWasAndIsAndIsLogged()
    {
        await using var site = await FieldSite.StartAsync();
        var register = await site.AskAsync("write --link plc holding 200 215 --yes");
        var negative = await site.AskAsync("write holding 201 -5 --yes");
        var wide = await site.AskAsync("write holding 300 231.4 --type float32 --order CDAB --yes --json");
        var point = await site.AskAsync("write boiler setpoint 21.5 --yes");
        var coil = await site.AskAsync("write boiler pump on --yes");

        Assert.Equal("holding 200 was 0 (0000), is 215 (00D7)", Assert.Single(register.Output));
        Assert.Equal("holding 201 was 0 (0000), is -5 (FFFB)", Assert.Single(negative.Output));
        Assert.Equal("boiler/setpoint (holding 1 int16) was 40 (0190), is 21.5 (00D7)", Assert.Single(point.Output));
        Assert.Equal("boiler/pump (coil 3 bool) was off, is on", Assert.Single(coil.Output));
        using var document = JsonDocument.Parse(string.Concat(wide.Output));
        Assert.Equal(("ok", 231.4f), (document.RootElement.GetProperty("result").GetString(), document.RootElement.GetProperty("after").GetSingle()));
        Assert.Equal(new[] { 0x6666, 0x4367 }, await site.Device.GetAsync(17, "hr", 300, 2));
        Assert.Equal(new[] { 1 }, await site.Device.GetAsync(17, "co", 3));
        await site.Gateway.Process.WaitForAsync(l => l.Contains("wrote with a tool: unit 17, holding 200: 00D7: answered 0600C800D7", StringComparison.Ordinal));
        Assert.Equal(0, await site.Gateway.StopAsync());
    }

    [Fact]
    public async Task Write_WhatMayNotOrCannotBe_WritesNothing()
    {
        await using var site = await FieldSite.StartAsync();
        var beyond = await site.AskAsync("write boiler setpoint 95 --yes");
        var readOnly = await site.AskAsync("write boiler temperature 5 --yes");
        var input = await site.AskAsync("write input 3 1 --yes");
        var large = await site.AskAsync("write holding 200 70000 --yes");
        var hole = await site.AskAsync("write holding 5000 1 --yes");
        var nobodyToAsk = await site.AskAsync("write holding 200 1 --json");

        Assert.Equal((1, 1, 2, 2, 1), (beyond.Code, readOnly.Code, input.Code, large.Code, hole.Code));
        Assert.Contains("setpoint must be at most 80", Assert.Single(beyond.Errors), StringComparison.Ordinal);
        Assert.Contains("temperature has no write in the configuration", Assert.Single(readOnly.Errors), StringComparison.Ordinal);
        Assert.Contains("name a holding register instead", Assert.Single(input.Errors), StringComparison.Ordinal);
        Assert.Contains("out of the range of uint16", Assert.Single(large.Errors), StringComparison.Ordinal);
        Assert.Contains("not written: exception 2: no register 5000 here", Assert.Single(hole.Errors), StringComparison.Ordinal);
        Assert.NotEqual(0, nobodyToAsk.Code);
        Assert.Equal(new[] { 400 }, await site.Device.GetAsync(17, "hr", 1));
        Assert.Equal(new[] { 0 }, await site.Device.GetAsync(17, "hr", 200));
    }

    [Fact]
    public async Task Write_WithoutAnAnswer_IsSentOnceAndSaidToBeUnknown()
    {
        await using var device = new SilentDevice();
        var command = await GatewayCommand.RunAsync("write", "--host", $"127.0.0.1:{device.Port}", "--timeout", "200ms", "holding", "5", "1", "--yes", "--config", "/nowhere/gateway.yaml");

        Assert.Equal(1, command.Code);
        Assert.Contains("no answer to the write (timeout): not known whether the device took it, and not sent again", Assert.Single(command.Errors), StringComparison.Ordinal);
        Assert.Equal(1, device.Functions.Count(f => f == 6));
    }

    [Fact]
    public async Task Write_AtATerminal_AsksFirst()
    {
        await using var site = await FieldSite.StartAsync();
        string[] arguments = ["write", "boiler", "setpoint", "30", "--config", site.Gateway.Configuration];
        const string Question = "write 30 (012C) to boiler/setpoint (holding 1 int16)? It holds 40 (0190) now. [y/N]";
        await using (var no = Terminal.Start(24, 200, site.Environment, arguments))
        {
            await no.WaitForRawAsync(Question);
            await no.TypeAsync("\r");
            Assert.Equal((1, true), await no.WaitForEndAsync());
            Assert.Contains("nothing was written", no.Raw, StringComparison.Ordinal);
        }

        await using (var interrupted = Terminal.Start(24, 200, site.Environment, arguments))
        {
            await interrupted.WaitForRawAsync(Question);
            await interrupted.TypeAsync(CtrlC);
            Assert.Equal((1, true), await interrupted.WaitForEndAsync());
        }

        Assert.Equal(new[] { 400 }, await site.Device.GetAsync(17, "hr", 1));
        await using var yes = Terminal.Start(24, 200, site.Environment, arguments);
        await yes.WaitForRawAsync(Question);
        await yes.TypeAsync("y\r");
        Assert.Equal((0, true), await yes.WaitForEndAsync());
        Assert.Contains("is 30 (012C)", yes.Raw, StringComparison.Ordinal);
        Assert.Equal(new[] { 300 }, await site.Device.GetAsync(17, "hr", 1));
    }
}
