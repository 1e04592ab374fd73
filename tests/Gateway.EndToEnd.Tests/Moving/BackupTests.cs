using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Gateway.EndToEnd.Tests.MainJob;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Moving;

/// <summary>The card dies; there is a backup.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task BackedUpUnderLoad_RestoredElsewhere_EverythingAcknowledgedBeforeArrives()
    {
        using var folder = new TempFolder();
        await using var upstream = new Mosquitto(folder);
        await upstream.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["#"]);
        await using var first = new MovedGateway(folder, "machine-a", upstream);
        await using var second = new MovedGateway(folder, "machine-b", upstream);
        await first.StartAsync();
        await using var publisher = LanPublisher.Start(first.Port);
        await publisher.WaitForAcksAsync(200);
        await backend.WaitForAsync(LanPublisher.Topic);
        await upstream.StopAsync();
        await publisher.WaitForAcksAsync(200);

        var before = publisher.Acknowledged;
        var state = Directory.CreateDirectory(Path.Combine(first.Data, "field")).FullName;
        await File.WriteAllTextAsync(Path.Combine(state, "counters"), "what an adapter keeps", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(state, "counters.new"), "not yet", TestContext.Current.CancellationToken);
        var archive = folder.Of("gw-1.tar.gz");
        var backup = await first.Process.AskAsync("backup", archive, "--json");
        Assert.True(backup.Code == 0, string.Join('\n', backup.Errors));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(archive));
        await publisher.WaitForAcksAsync(200);
        await first.KillAsync();
        Directory.Delete(first.Data, recursive: true);

        var restore = await second.Process.AskAsync("restore", archive, "--json");
        Assert.True(restore.Code == 0, string.Join('\n', restore.Errors));
        Assert.Equal("what an adapter keeps", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(second.Data, "field"))), TestContext.Current.CancellationToken));
        await upstream.StartAsync();
        await second.StartAsync();
        await second.PublishAsync("after", 5);
        await backend.WaitForAsync(m => m.Payload == "after 5");
        await second.StopAsync();

        await ClosedBooks.OfAsync(backend, "cloud.telemetry", epochs: 2);
        ClosedBooks.AssertOneContentEach(backend);
        var arrived = backend.Messages.Where(m => m.Topic == LanPublisher.Topic).Select(m => m.Payload).ToHashSet();
        Assert.Empty(before.Except(arrived));
        Assert.Single(backend.Messages, m => m.Topic == "edge/gateways/gw-1/alerts" && m.Json.GetProperty("kind").GetString() == "restored");
        var one = Assert.Single(backend.Messages, m => m.Payload == "after 1");
        Assert.Equal(5, one.Identity!.Split(';').Length);
    }

    [Fact]
    public async Task Restore_RunningOrFullOrDamaged_IsRefusedAndNothingIsTouched()
    {
        using var folder = new TempFolder();
        await using var upstream = new Mosquitto(folder);
        await using var gateway = new MovedGateway(folder, "machine-a", upstream);
        await gateway.StartAsync();
        await gateway.PublishAsync("kept", 3);
        var archive = folder.Of("gw-1.tar");
        Assert.Equal(0, (await gateway.Process.AskAsync("backup", archive)).Code);

        Assert.Contains("is held by process", (await gateway.Process.AskAsync("restore", archive, "--force")).Refusal(), StringComparison.Ordinal);
        await gateway.StopAsync();
        Assert.Contains("is not empty", (await gateway.Process.AskAsync("restore", archive)).Refusal(), StringComparison.Ordinal);

        foreach (var (damaged, words) in Damaged(folder, archive))
        {
            Assert.Contains(words, (await gateway.Process.AskAsync("restore", damaged, "--force")).Refusal(), StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetDirectories(folder.Path, "*.restoring"));
        Assert.Empty(Directory.GetDirectories(folder.Path, "*.before-*"));
        Assert.Equal(["kept 1", "kept 2", "kept 3"], await QueuedAsync(gateway));
    }

    [Fact]
    public async Task Restore_Forced_WhatWasThereIsMovedAside_AlsoFromABackupOfAStoppedGateway()
    {
        using var folder = new TempFolder();
        await using var upstream = new Mosquitto(folder);
        await using var gateway = new MovedGateway(folder, "machine-a", upstream);
        await gateway.StartAsync();
        await gateway.PublishAsync("first", 2);
        await gateway.StopAsync();
        var files = Directory.GetFiles(gateway.Data, "*", SearchOption.AllDirectories).ToDictionary(f => f, f => Convert.ToHexString(File.ReadAllBytes(f)));
        var archive = folder.Of("gw-1.tgz");
        Assert.Equal(0, (await gateway.Process.AskAsync("backup", archive)).Code);
        Assert.Equal(files.Where(NotLock), Directory.GetFiles(gateway.Data, "*", SearchOption.AllDirectories).ToDictionary(f => f, f => Convert.ToHexString(File.ReadAllBytes(f))).Where(NotLock));
        await gateway.StartAsync();
        await gateway.PublishAsync("second", 2);
        await gateway.StopAsync();

        var restore = await gateway.Process.AskAsync("restore", archive, "--force", "--json");
        Assert.Equal(0, restore.Code);
        using var report = JsonDocument.Parse(string.Join('\n', restore.Output));
        Assert.True(File.Exists(Path.Combine(report.RootElement.GetProperty("moved-to").GetString()!, "identity.json")));
        Assert.True(File.Exists(Path.Combine(gateway.Data, "configuration", "machine-a.yaml")));
        foreach (var name in new[] { "users", "users.roles", "installer-password" })
        {
            var path = Path.Combine(gateway.Data, name);
            Assert.Equal(files[path], Convert.ToHexString(File.ReadAllBytes(path)));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Equal(["first 1", "first 2"], await QueuedAsync(gateway));

        // The machine is the same: the epochs are new nevertheless, once.
        await gateway.StartAsync();
        var (_, status) = await gateway.Process.StatusAsync();
        Assert.All(status.GetProperty("storage").GetProperty("streams").EnumerateArray().Where(s => s.GetProperty("stream").GetString() == "cloud.telemetry"), s => Assert.Equal(1, s.GetProperty("previous").GetArrayLength()));
        await gateway.StopAsync();
        await gateway.StartAsync();
        Assert.DoesNotContain(gateway.Process.Process.Lines, l => l.Contains("alert restored", StringComparison.Ordinal));
        await gateway.StopAsync();

        static bool NotLock(KeyValuePair<string, string> file) => Path.GetFileName(file.Key) != "lock";
    }

    private static IEnumerable<(string Path, string Words)> Damaged(TempFolder folder, string archive)
    {
        var bytes = File.ReadAllBytes(archive);
        var text = System.Text.Encoding.UTF8.GetBytes("kept 2");
        var at = bytes.AsSpan().IndexOf(text);
        var flipped = bytes.ToArray();
        flipped[at] ^= 1;
        File.WriteAllBytes(folder.Of("flipped.tar"), flipped);
        yield return (folder.Of("flipped.tar"), "is not what was backed up");

        File.WriteAllBytes(folder.Of("short.tar"), bytes[..(bytes.Length / 2 / 512 * 512)]);
        yield return (folder.Of("short.tar"), folder.Of("short.tar"));

        using (var strange = new TarWriter(File.Create(folder.Of("strange.tar"))))
        {
            strange.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "journal/../../escaped") { DataStream = new MemoryStream([1]) });
        }

        yield return (folder.Of("strange.tar"), "which no backup does");

        using (var empty = new GZipStream(File.Create(folder.Of("empty.tar.gz")), CompressionLevel.Fastest))
        {
            empty.Write(new byte[1024]);
        }

        yield return (folder.Of("empty.tar.gz"), "is not complete");
        yield return (folder.Of("none.tar"), "none.tar");
    }

    private static async Task<IReadOnlyList<string>> QueuedAsync(MovedGateway gateway)
    {
        var export = await gateway.Process.AskAsync("outbox", "export", "cloud.telemetry");
        Assert.Equal(0, export.Code);
        return [.. export.Output.Select(l => JsonDocument.Parse(l).RootElement).Where(l => l.GetProperty("topic").GetString() == "lan/numbers").Select(l => l.GetProperty("payload").GetString()!)];
    }
}
