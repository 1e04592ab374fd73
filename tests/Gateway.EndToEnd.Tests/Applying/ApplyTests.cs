using System.Text.Json;
using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Applying;

/// <summary>Another configuration for a gateway that runs: what is the same goes on, what changed is started anew, nothing that was acknowledged is lost.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task Broken_NamesEverythingAtOnce_AndTouchesNothing()
    {
        await using var site = await ApplySite.StartAsync();
        var before = site.Written;
        var file = site.Write("every: 200ms", "evry: 200ms").ToString();
        File.AppendAllText(file, "linkz: []\n");

        var apply = await site.ApplyAsync(file);

        Assert.Equal(78, apply.Code);
        Assert.Contains(apply.Errors, l => l.StartsWith($"{file}:", StringComparison.Ordinal) && l.Contains("unknown key \"evry\"", StringComparison.Ordinal));
        Assert.Contains(apply.Errors, l => l.Contains("unknown key \"linkz\"", StringComparison.Ordinal));
        Assert.Equal("2 errors: nothing was touched.", apply.Errors[^1]);
        Assert.Equal(before, site.Written);
        Assert.Equal("the start", (await site.ConfigurationAsync()).GetProperty("from").GetString());
    }

    [Fact]
    public async Task Interval_OfOneDevice_TheOtherLinkAndTheBridgeGoOnAsTheyAre()
    {
        await using var site = await ApplySite.StartAsync();
        var meter = await site.DeviceAsync("meter");
        var file = site.Write("every: 200ms", "every: 100ms");

        var dry = await site.Gateway.AskAsync("apply", file, "--dry-run");
        Assert.Equal((0, true), (dry.Code, site.Written.Contains("200ms", StringComparison.Ordinal)));
        var apply = await site.ApplyAsync(file);

        Assert.Equal((0, ""), (apply.Code, string.Join('\n', apply.Errors)));
        Assert.Equal(
            [
                $"changes to {site.Target}:",
                "  ~ boiler/temperature  every: 200ms -> 100ms",
                "interrupted:",
                "  link one starts anew: its device is not read for a moment",
                "taken over; watched for 2s (Ctrl+C takes it back)",
                $"kept: {file} is now {site.Target}",
            ],
            apply.Output.Where(static l => !l.StartsWith("not well yet", StringComparison.Ordinal)));
        Assert.Equal(File.ReadAllText(file), site.Written);
        Assert.Equal(meter.GetProperty("since").GetString(), (await site.DeviceAsync("meter")).GetProperty("since").GetString());
        Assert.Equal($"{file}, applied by user 0", (await site.ConfigurationAsync()).GetProperty("from").GetString());

        // The bridge said hello once, and every reading of either device has a number that no other has.
        await site.Backend.WaitForAsync(m => m.Topic == "edge/boiler/telemetry/temperature" && FieldReading.Of(m).Seq > 40);
        Assert.Single(site.Backend.Messages, m => m is { Topic: "edge/gateways/gw-1/status" });
        var readings = FieldReading.All(site.Backend);
        Audits.AssertNoHoles(readings);
        Assert.Distinct(readings.Select(r => (r.Topic, r.Boot, r.Seq)));
        await site.Site.StopGatewayAsync();
    }

    [Fact]
    public async Task Bridge_ConnectsAnew_UnderLoad_EverythingAcknowledgedArrivesOnce()
    {
        await using var site = await ApplySite.StartAsync();
        await using var lan = LanPublisher.Start(site.Site.Lan);
        await lan.WaitForAcksAsync(20);
        var file = site.Write("forward: [standard, { filter: \"lan/#\" }]", "forward: [standard, { filter: \"lan/#\" }, { filter: \"more/#\" }]");

        var apply = await site.ApplyAsync(file);

        Assert.Equal((0, ""), (apply.Code, string.Join('\n', apply.Errors)));
        Assert.Contains("  bridge cloud connects anew: what waits in its queues stays", apply.Output);
        await lan.WaitForAcksAsync(20);
        await lan.PauseAsync();
        await site.Backend.WaitForAsync(m => m is { Topic: "edge/gateways/gw-1/status", Payload: "offline" });
        var ledger = await Audits.CloseBooksAsync(site.Site);
        Audits.AssertComplete(site.Backend, ledger, "none");
        var arrived = site.Backend.Messages.Where(m => m.Topic == LanPublisher.Topic).Select(m => m.Payload).ToList();
        Assert.Empty(lan.Acknowledged.Except(arrived));
        await site.Site.StopGatewayAsync();
    }

    [Fact]
    public async Task Device_Comes_IsReadAndTakesCommands_AndGoes_WithWhatWasRetained()
    {
        await using var site = await ApplySite.StartAsync();
        await using var lan = await site.Site.JoinLanAsync("edge/#");
        var port = site.Written.Split("port: ").Skip(2).First().Split(',')[0];
        var before = site.Written;
        var file = site.Write("  - { id: meter,", "  - { id: pump, link: one, points: [{ id: speed, register: holding 1, write: {} }] }\n  - { id: meter,");

        var comes = await site.ApplyAsync(file);

        Assert.True(comes.Code == 0, string.Join('\n', [.. comes.Output, .. comes.Errors, port]));
        Assert.Contains("  + pump/speed every 1s -> edge/pump/telemetry/speed, writable", comes.Output);
        Assert.Contains("  bridge cloud connects anew, because its presets name other devices: what waits in its queues stays", comes.Output);
        await site.Backend.WaitForAsync(m => m is { Topic: "edge/pump/status", Payload: "online" });
        Assert.Equal(("ok", null), await new Questions(site.Backend, "edge/pump/cmd", "edge/pump/response").AskAsync("a", "\"set\":{\"speed\":7}"));

        File.WriteAllText(file, before);
        var goes = await site.ApplyAsync(file);

        Assert.Equal(0, goes.Code);
        Assert.Contains("  - device pump with its 1 points", goes.Output);
        await lan.WaitForAsync(m => m is { Topic: "edge/pump/status", Payload: "" });
        await using var late = await Collector.StartAsync(site.Site.Lan, "late", ["edge/#"]);
        await late.WaitForAsync("edge/boiler/status");
        await late.WaitForAsync(m => m.Topic == "edge/meter/telemetry/voltage");
        Assert.DoesNotContain(late.Messages, m => m.Topic.StartsWith("edge/pump/", StringComparison.Ordinal));
        await site.Site.StopGatewayAsync();
    }

    [Fact]
    public async Task Bridge_Leaves_ItsStreamsAreKeptAndListed_AndGoOnWhenItComesBack()
    {
        await using var site = await ApplySite.StartAsync();
        var with = site.Written;
        await site.Site.Upstream.DisposeAsync();
        await using (var lan = await site.Site.JoinLanAsync())
        {
            await lan.PublishAsync("lan/kept", "1");
        }

        var file = site.Write(with[with.IndexOf("bridges:", StringComparison.Ordinal)..], "");
        var leaves = await site.ApplyAsync(file, "1s");

        Assert.Equal((0, ""), (leaves.Code, string.Join('\n', leaves.Errors)));
        Assert.Contains("  bridge cloud ends: what waits in its queues stays on the disk until edge-gateway outbox drop", leaves.Output);
        var listing = await site.Gateway.AskAsync("outbox", "list", "--json");
        using (var json = System.Text.Json.JsonDocument.Parse(string.Join('\n', listing.Output)))
        {
            var stream = json.RootElement.GetProperty("streams").EnumerateArray().Single(s => s.GetProperty("stream").GetString() == "cloud.telemetry");
            Assert.Equal("left", stream.GetProperty("state").GetString());
            Assert.True(stream.GetProperty("waiting").GetUInt64() > 0);
        }

        await site.Site.Upstream.StartAsync();
        File.WriteAllText(file, with);
        Assert.Equal(0, (await site.ApplyAsync(file)).Code);

        await using var backend = await Collector.StartAsync(site.Site.Upstream.Port, "later", ["#"]);
        var shown = await site.Gateway.AskAsync("outbox", "list", "--json");
        using var after = System.Text.Json.JsonDocument.Parse(string.Join('\n', shown.Output));
        var back = after.RootElement.GetProperty("streams").EnumerateArray().Single(s => s.GetProperty("stream").GetString() == "cloud.telemetry");
        Assert.Equal(("served", 0UL), (back.GetProperty("state").GetString(), back.GetProperty("dropped").GetUInt64()));
    }

    [Fact]
    public async Task NewDevice_IsNotThere_IsToldAndKept_AndWithKeepTheExitCodeSaysSo()
    {
        await using var site = await ApplySite.StartAsync();
        var file = site.Write(
            "devices:\n", $"  - {{ id: three, type: modbus-tcp, host: 127.0.0.1, port: {Ports.Free()} }}\ndevices:\n  - {{ id: pump, link: three, points: [{{ id: speed, register: holding 1 }}] }}\n");

        var apply = await site.ApplyAsync(file);

        Assert.Equal(0, apply.Code);
        Assert.Contains(apply.Output, static l => l.StartsWith("not well, and was not before: device pump: connection refused; ", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllText(file), site.Written);
        Assert.Equal(1, (await site.ApplyAsync(site.Write("every: 200ms", "every: 1s"), "1s", "--keep")).Code);
        Assert.Contains("every: 1s", site.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_Moves_ClientsFindItThere_AndOthersAreNotDisturbed()
    {
        await using var site = await ApplySite.StartAsync();
        var (old, added) = (site.Site.Lan, Ports.Free());
        await using var stays = await site.Site.JoinLanAsync("edge/#");
        var apply = await site.ApplyAsync(site.Write($"port: {old} }}", $"port: {old} }}, {{ bind: 127.0.0.1, port: {added} }}"));

        Assert.Equal((0, ""), (apply.Code, string.Join('\n', apply.Errors)));
        Assert.Contains($"  + listener 127.0.0.1:{added}", apply.Output);
        await using (var comes = await Collector.StartAsync(added, "comes", ["edge/#"]))
        {
            await comes.WaitForAsync(m => m.Topic == "edge/meter/telemetry/voltage");
        }

        // The first goes, the second stays: whoever was on the first is disconnected.
        var moved = await site.ApplyAsync(site.Write($"{{ bind: 127.0.0.1, port: {old} }}, ", ""));
        Assert.Equal(0, moved.Code);
        Assert.Contains($"  listener 127.0.0.1:{old} closes: its clients are disconnected, and come back by themselves where they may", moved.Output);
        Assert.Equal([$"127.0.0.1:{added}"], (await site.Gateway.StatusAsync()).Report.GetProperty("broker").GetProperty("listeners").EnumerateArray().Select(static l => l.GetString()));
        await using var again = await Collector.StartAsync(added, "again", ["edge/#"]);
        await again.WaitForAsync(m => m.Topic == "edge/meter/telemetry/voltage");
    }

    [Fact]
    public async Task WhatNeedsARestart_IsSaid_AndRefusedWithTheRemedy()
    {
        await using var site = await ApplySite.StartAsync();
        var before = site.Written;

        var apply = await site.ApplyAsync(site.Write("gateway: { id: gw-1,", "gateway: { id: gw-1, root: acme,"));

        Assert.Equal(1, apply.Code);
        Assert.Contains("  gateway.root: (default) -> acme", apply.Output);
        Assert.Contains("systemctl restart edge-gateway", apply.Errors[^1], StringComparison.Ordinal);
        Assert.Equal(before, site.Written);
    }

    [Fact]
    public async Task TheFileItself_EditedInPlace_WithAFileOfConfD_IsTakenOver()
    {
        await using var site = await ApplySite.StartAsync();
        var confD = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(site.Target)!, "conf.d"));
        File.WriteAllText(Path.Combine(confD.FullName, "pump.yaml"), "devices: [{ id: pump, link: two, points: [{ id: speed, register: holding 1 }] }]\n");
        File.WriteAllText(site.Target, site.Written.Replace("every: 200ms", "every: 100ms", StringComparison.Ordinal));

        var apply = await site.ApplyAsync(site.Target);

        Assert.Equal((0, ""), (apply.Code, string.Join('\n', apply.Errors)));
        Assert.Contains("  + device pump on two", apply.Output);
        Assert.Contains("  ~ boiler/temperature  every: 200ms -> 100ms", apply.Output);
        Assert.Equal($"kept: {site.Target} is what runs", apply.Output[^1]);
        await site.Backend.WaitForAsync(m => m is { Topic: "edge/pump/status", Payload: "online" });
    }

    /// <summary>What became of it, for programs: nothing else stands on standard output.</summary>
    [Fact]
    public async Task Json_IsOneDocument_WhateverBecomesOfIt()
    {
        await using var site = await ApplySite.StartAsync();

        var dry = await JsonAsync(0, site.Write("every: 200ms", "every: 100ms"), "--dry-run");
        Assert.Equal(("dry-run", "~ boiler/temperature  every: 200ms -> 100ms"), (Text(dry, "result"), dry.GetProperty("changes")[0].GetString()));
        Assert.Equal("kept", Text(await JsonAsync(0, site.Write("every: 200ms", "every: 100ms")), "result"));

        var refused = await JsonAsync(78, site.Write("every: 100ms", "evry: 100ms"));
        Assert.Equal("refused", Text(refused, "result"));
        Assert.Contains("unknown key \"evry\"", refused.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);

        var worse = await JsonAsync(1, site.Write("id: one, type: modbus-tcp, host: 127.0.0.1", "id: one, type: modbus-tcp, host: no-such-plc.invalid"));
        Assert.Equal("rolled-back", Text(worse, "result"));
        Assert.StartsWith("link one: no connection to no-such-plc.invalid:", Text(worse, "reason"), StringComparison.Ordinal);
        Assert.Contains(worse.GetProperty("worse").EnumerateArray(), f => Text(f, "what") == "device boiler" && Text(f, "why") == "unknown host" && Text(f, "remedy").Length > 0);

        async Task<JsonElement> JsonAsync(int code, string file, params string[] more)
        {
            var apply = await site.ApplyAsync(file, "2s", ["--json", .. more]);
            Assert.True(apply.Code == code, string.Join('\n', [.. apply.Output, .. apply.Errors]));
            using var document = JsonDocument.Parse(string.Join('\n', apply.Output));
            return document.RootElement.Clone();
        }

        static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;
    }

    [Fact]
    public async Task RunsWithTheLastGoodOne_AGoodFileEndsThat()
    {
        await using var site = await ApplySite.StartAsync();
        var good = site.Write("every: 200ms", "every: 100ms");
        Assert.Equal(0, (await site.ApplyAsync(good, "1s")).Code);
        var mended = File.ReadAllText(good).Replace("every: 100ms", "every: 300ms", StringComparison.Ordinal);
        await site.Site.StopGatewayAsync();
        File.AppendAllText(site.Target, "linkz: []\n");
        await site.Gateway.StartAsync();
        Assert.Contains("the configuration is broken", (await site.ConfigurationAsync()).GetProperty("instead-of").GetString(), StringComparison.Ordinal);

        File.WriteAllText(good, mended);
        var apply = await site.ApplyAsync(good);

        Assert.True(apply.Code == 0, string.Join('\n', [.. apply.Output, .. apply.Errors]));
        Assert.Contains("  ~ boiler/temperature  every: 100ms -> 300ms", apply.Output);
        Assert.Equal(mended, site.Written);
        Assert.False((await site.ConfigurationAsync()).TryGetProperty("instead-of", out _));
    }

    [Fact]
    public async Task NobodyRuns_TheFileIsWrittenForTheNextStart()
    {
        using var folder = new TempFolder();
        var target = folder.Write("gateway.yaml", "gateway: { data: data }\n");
        var file = folder.Write("new.yaml", "gateway: { data: data }\nbroker: { anonymous: true }\n");

        var apply = await GatewayCommand.RunAsync("apply", file, "--yes", "--config", target);

        Assert.Equal((0, ""), (apply.Code, string.Join('\n', apply.Errors)));
        Assert.Contains("  ~ broker  anonymous: (default) -> true", apply.Output);
        Assert.Equal(File.ReadAllText(file), File.ReadAllText(target));
        Assert.Equal(2, (await GatewayCommand.RunAsync(["setsid"], ["apply", file, "--config", target])).Code);
    }
}
