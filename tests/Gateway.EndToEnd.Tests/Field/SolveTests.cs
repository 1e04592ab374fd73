using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;

namespace Gateway.EndToEnd.Tests.Field;

/// <summary><c>solve</c> on pymodbus: the display shows something, and the line to paste comes out.</summary>
public sealed class SolveTests
{
    private const string Yaml = "  - { id: my-value, register: holding 100, type: float32, order: CDAB }";

    [Fact]
    public async Task Solve_ThroughTheDaemon_FindsTheRegisterAndTheLineToPaste()
    {
        await using var site = await FieldSite.StartAsync();
        var found = await site.AskAsync("solve --link plc --value 231.4");
        Assert.Equal($"plc {site.DeviceAddress}, unit 17, through the running gateway: 1000 registers", found.Output[0]);
        Assert.Matches("^ *1  holding 100  float32  CDAB +1 +231.4$", found.Output[3]);
        Assert.Contains(Yaml, found.Output);

        var scaled = await site.AskAsync("solve --value 21.5 --range holding 0-50 --json");
        using var document = JsonDocument.Parse(string.Concat(scaled.Output));
        var best = document.RootElement.GetProperty("candidates")[0];
        Assert.Equal(("holding 0", "int16", 0.1m), (best.GetProperty("register").GetString(), best.GetProperty("type").GetString(), best.GetProperty("scale").GetDecimal()));
        Assert.Equal(0, await site.Gateway.StopAsync());
    }

    [Fact]
    public async Task Solve_InTwoLooks_KeepsWhatFitsBoth()
    {
        await using var site = await FieldSite.StartAsync();
        await site.Device.SetAsync(17, "hr", 10, 2314, 2314, 2310);
        var file = site.Of("look.json");
        var first = await site.AskAsync($"solve --value 231.4 --save {file} --json");
        await site.Device.SetAsync(17, "hr", 10, 2298);
        var second = await site.AskAsync($"solve --value 229.8 --from {file} --save {file} --json");
        var wrong = await site.AskAsync($"solve --value 229.8 --from {site.Gateway.Configuration}");

        Assert.True(Candidates(first).Count > Candidates(second).Count);
        Assert.Equal("holding 10", Candidates(second)[0].GetProperty("register").GetString());
        Assert.Equal("- { id: my-value, register: holding 10, type: int16, scale: 0.1 }", Candidates(second)[0].GetProperty("yaml").GetString());
        Assert.Contains("was not written by solve --save", Assert.Single(wrong.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Solve_AtATerminal_AsksForTheNextLook()
    {
        await using var site = await FieldSite.StartAsync();
        await using var terminal = Terminal.Start(40, 200, site.Environment, "solve", "--value", "231.4", "--tolerance", "1%", "--config", site.Gateway.Configuration);
        await terminal.WaitForRawAsync("When the display shows something else");

        // 229.8
        await site.Device.SetAsync(17, "hr", 100, 0xCCCD, 0x4365);
        await terminal.TypeAsync("abc\r");
        await terminal.WaitForRawAsync("is not a number");
        await terminal.TypeAsync("229.8\r");
        await terminal.WaitForRawAsync("229.8 ± 2.298 may be:");
        await terminal.TypeAsync("\r");
        Assert.Equal((0, true), await terminal.WaitForEndAsync());
        Assert.Contains(Yaml, terminal.Raw[terminal.Raw.IndexOf("229.8 ± ", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Solve_WhereNothingIsOrFits_SaysWhatToDo()
    {
        await using var site = await FieldSite.StartAsync();
        var nothing = await site.AskAsync("solve --value 77.12 --range input 0-5");
        var hole = await site.AskAsync("solve --value 5 --range holding 3000-3010");
        var comma = await site.AskAsync("solve --value 231,4");
        var range = await site.AskAsync("solve --value 1 --range coil 0-5");

        Assert.Equal((1, 1, 2, 2), (nothing.Code, hole.Code, comma.Code, range.Code));
        Assert.Contains("nothing fits 77.12 within 0.3856", Assert.Single(nothing.Errors), StringComparison.Ordinal);
        Assert.Contains("there is nothing in holding 3000 to 3010", Assert.Single(hole.Errors), StringComparison.Ordinal);
        Assert.Contains("write 231.4", Assert.Single(comma.Errors), StringComparison.Ordinal);
        Assert.Contains("write holding or input", Assert.Single(range.Errors), StringComparison.Ordinal);
    }

    private static List<JsonElement> Candidates(GatewayCommand command)
    {
        Assert.Equal(0, command.Code);
        using var document = JsonDocument.Parse(string.Concat(command.Output));
        return [.. document.RootElement.Clone().GetProperty("candidates").EnumerateArray()];
    }
}
