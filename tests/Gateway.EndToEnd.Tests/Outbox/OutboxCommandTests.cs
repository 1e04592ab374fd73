using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Outbox;

/// <summary>What people do with the outbox, beside the running gateway and without it.</summary>
public sealed class OutboxCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListShowExport_RunningOrNot_TellTheSame(bool running)
    {
        await using var site = new OutboxSite();
        await site.StartAsync("cloud");
        await site.PublishAsync(30);
        var files = running ? null : await StopAndLookAsync(site);

        var row = Assert.NotNull(await site.RowAsync("cloud.telemetry"));
        Assert.Equal(running ? "served" : "idle", row.GetProperty("state").GetString());
        Assert.True(row.GetProperty("waiting").GetInt32() >= 30);
        var list = await site.RunAsync("list");
        Assert.Contains(list.Output, l => l.StartsWith("cloud.telemetry ", StringComparison.Ordinal));

        var show = await site.RunAsync("show", "cloud.telemetry", "--from", "3", "--limit", "2");
        Assert.Equal(0, show.Code);
        Assert.StartsWith("3:  ", show.Output[0], StringComparison.Ordinal);
        Assert.EndsWith("lan/3", show.Output[0], StringComparison.Ordinal);
        Assert.Equal("    3         ", show.Output[1]);
        Assert.Equal("2 shown; go on with --from 5", show.Output[^1]);

        var file = site.Folder.Of("export.jsonl");
        Assert.Equal(0, (await site.RunAsync("export", "cloud.telemetry", "--to", file)).Code);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var lines = File.ReadAllLines(file).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(Enumerable.Range(1, 30), lines.Take(30).Select(l => l.GetProperty("seq").GetInt32()));
        Assert.Equal($"gw-1;cloud.telemetry;{row.GetProperty("epoch").GetString()};1", lines[0].GetProperty("gw").GetString());
        Assert.Equal("edge/gateways/gw-1/streams/cloud.telemetry", lines[^1].GetProperty("topic").GetString());
        Assert.Empty(Directory.GetFiles(site.Folder.Path, "*.new"));

        if (files is not null)
        {
            Assert.Equal(files, Fingerprint(site));
        }
    }

    [Fact]
    public async Task Drop_UpstreamAway_IsToldAsAGapOnceItIsBack()
    {
        var site = new TempFolder();
        await using var box = new OutboxSite { Upstream = new Mosquitto(site) };
        await box.StartAsync("cloud");
        await box.PublishAsync(10);

        var refused = await box.RunAsync("drop", "cloud.telemetry", "--through", "4");
        Assert.Equal((2, 10), (refused.Code, (await box.RowAsync("cloud.telemetry"))!.Value.GetProperty("waiting").GetInt32()));
        Assert.Contains("add --yes", Assert.Single(refused.Errors), StringComparison.Ordinal);
        var dropped = await box.RunAsync("drop", "cloud.telemetry", "--through", "4", "--yes");
        Assert.Equal((0, "4 messages of cloud.telemetry are dropped"), (dropped.Code, Assert.Single(dropped.Output)));
        await box.Gateway.Process.WaitForAsync("alert operator-drop: 4 messages of cloud.telemetry were dropped by user ");

        await box.Upstream.StartAsync();
        await using var backend = await Collector.StartAsync(box.Upstream.Port, "backend", ["#"]);
        var gap = (await backend.WaitForAsync("edge/gateways/gw-1/gaps")).Json;
        Assert.Equal((1, 4, "operator"), (gap.GetProperty("from").GetInt32(), gap.GetProperty("to").GetInt32(), gap.GetProperty("reason").GetString()));
        await backend.WaitForAsync("lan/10");
        Assert.DoesNotContain(backend.Messages, m => m.Topic is "lan/1" or "lan/4");
        Assert.Contains(backend.Messages, m => m.Topic == "lan/5");
        Assert.Equal(0, await box.Gateway.StopAsync());
        site.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Drop_StreamThatLeft_RemovesItForGood(bool running)
    {
        await using var site = new OutboxSite();
        await site.StartAsync("cloud", "old");
        await site.PublishAsync(50);
        await site.Gateway.StopAsync();
        site.Configure("cloud");
        if (running)
        {
            await site.Gateway.StartAsync();
        }

        Assert.Equal("left", (await site.RowAsync("old.telemetry"))!.Value.GetProperty("state").GetString());
        var before = Assert.NotNull(await site.RowAsync("cloud.telemetry"));
        var removed = await site.RunAsync("drop", "old.telemetry", "--yes");
        Assert.Equal((0, "old.telemetry is removed, with 50 messages"), (removed.Code, Assert.Single(removed.Output)));
        if (running)
        {
            await site.Gateway.Process.WaitForAsync("alert operator-drop: stream old.telemetry");
            await site.Gateway.KillAsync();
        }

        Assert.Null(await site.RowAsync("old.telemetry"));
        await site.Gateway.StartAsync();
        Assert.Null(await site.RowAsync("old.telemetry"));
        Assert.Equal(before.GetProperty("epoch").GetString(), (await site.RowAsync("cloud.telemetry"))!.Value.GetProperty("epoch").GetString());
        var again = await site.RunAsync("drop", "old.telemetry", "--yes");
        Assert.Equal(1, again.Code);
        Assert.Contains("there is no stream old.telemetry; did you mean ", Assert.Single(again.Errors), StringComparison.Ordinal);
        Assert.Equal(0, await site.Gateway.StopAsync());
    }

    [Fact]
    public async Task Repair_DamagedByte_LooksRepairsAndTellsUpstream()
    {
        var folder = new TempFolder();
        await using var site = new OutboxSite { Upstream = new Mosquitto(folder) };
        await site.StartAsync("cloud");
        await site.PublishAsync(20);
        Assert.Equal(0, (await site.RunAsync("repair", "--check")).Code);
        await site.Gateway.KillAsync();
        Damage(site);
        var files = Fingerprint(site);

        var check = await site.RunAsync("repair", "--check");
        Assert.Equal(1, check.Code);
        Assert.Contains(check.Output, l => l.EndsWith(", DAMAGED", StringComparison.Ordinal));
        Assert.Contains("nothing was changed", check.Output[^1], StringComparison.Ordinal);
        Assert.Equal(files, Fingerprint(site));
        Assert.False(Directory.Exists(Path.Combine(site.Data, "quarantine")));

        var repair = await site.RunAsync("repair");
        Assert.Equal(1, repair.Code);
        Assert.Contains(repair.Output, l => l.StartsWith("in quarantine: ", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(Path.Combine(site.Data, "quarantine"), "*", SearchOption.AllDirectories));

        // What is known by now is nothing new, also to the gateway that runs.
        Assert.Equal(0, (await site.RunAsync("repair")).Code);
        await site.Gateway.StartAsync();
        Assert.Equal(0, (await site.RunAsync("repair")).Code);
        await site.Upstream.StartAsync();
        await using var backend = await Collector.StartAsync(site.Upstream.Port, "backend", ["#"]);
        var gap = (await backend.WaitForAsync("edge/gateways/gw-1/gaps")).Json;
        Assert.Equal("quarantine", gap.GetProperty("reason").GetString());
        await backend.WaitForAsync("lan/20");
        Assert.Equal(0, await site.Gateway.StopAsync());
        folder.Dispose();
    }

    [Fact]
    public async Task Repair_WhileTheGatewayRuns_FindsWhatNobodyHasReadYet()
    {
        await using var site = new OutboxSite();
        await site.StartAsync("cloud");

        // More than one segment, so that the damaged one is sealed; in its middle, since the gateway itself looks at the oldest message every few seconds.
        await site.PublishAsync(45, 200_000);
        Damage(site, block: 1_000);

        var repair = await site.RunAsync("repair", "--json");

        Assert.Equal(1, repair.Code);
        var lines = repair.Output.Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Contains(lines, l => l.TryGetProperty("file", out var f) && f.GetProperty("damaged").GetArrayLength() == 1);
        Assert.True(lines[^1].GetProperty("result").GetProperty("lost").GetInt32() > 0);
        var row = Assert.NotNull(await site.RowAsync("cloud.telemetry"));
        Assert.True(row.GetProperty("untold").GetInt32() > 0);
        await site.Gateway.Process.WaitForAsync("alert quarantine: ");
        Assert.Equal(0, await site.Gateway.StopAsync());
    }

    [Fact]
    public async Task Root_WorksInAnothersFolder_WhatItMakesBelongsToTheOther()
    {
        await using var site = new OutboxSite();
        await site.StartAsync("cloud", "old");
        await site.PublishAsync(20);
        await site.Gateway.KillAsync();
        site.Configure("cloud");
        Damage(site);
        foreach (var spare in Directory.GetFiles(Path.Combine(site.Data, "journal"), "spare-*"))
        {
            File.Delete(spare);
        }

        var segments = Directory.GetFiles(Path.Combine(site.Data, "journal"), "*.seg");
        Assert.Equal(0, (await ChildProcess.RunAsync("chown", "-R", "65534:65534", site.Data)).Code);
        Assert.Equal(1, (await site.RunAsync("repair")).Code);
        Assert.Equal(0, (await site.RunAsync("drop", "old.telemetry", "--yes")).Code);

        var (_, others) = await ChildProcess.RunAsync("find", site.Data, "-not", "-user", "65534", "-o", "-not", "-group", "65534");
        Assert.Equal("", others);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(site.Data, "quarantine"), "*", SearchOption.AllDirectories));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(site.Data, "journal"), "*.seg").Except(segments));
    }

    private static async Task<string> StopAndLookAsync(OutboxSite site)
    {
        Assert.Equal(0, await site.Gateway.StopAsync());
        return Fingerprint(site);
    }

    /// <summary>Names, owners aside, and contents of the journal; the lock names its last holder.</summary>
    private static string Fingerprint(OutboxSite site) => string.Join('\n', Directory.GetFiles(Path.Combine(site.Data, "journal")).Order(StringComparer.Ordinal)
        .Where(f => Path.GetFileName(f) != "lock").Select(f => $"{Path.GetFileName(f)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}"));

    /// <summary>Flips a bit of the first segment: of the fifth commit, if they are small.</summary>
    private static void Damage(OutboxSite site, int block = 5)
    {
        using var file = new FileStream(Path.Combine(site.Data, "journal", "0000000000000001.seg"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = (block * 4096) + 100;
        var one = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(one ^ 0x20));
    }
}
