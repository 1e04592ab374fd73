using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Cuts the power of a real ext4 file system under load. More cuts: EDGE_GATEWAY_TEST_EXT4_CUTS.</summary>
public sealed class PowerCutExt4Tests(ITestOutputHelper output)
{
    private const int Publishers = 16;
    private const int BeforeTheCut = 500;

    [Fact]
    public async Task PowerCut_UnderConcurrentAppends_EverythingReportedDurableIsThere()
    {
        using var image = Ext4Image.TryMake(mebibytes: 64, out var reason);
        Assert.SkipWhen(image is null, $"no loop mount here: {reason}");
        var cuts = Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_EXT4_CUTS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
        var acknowledged = 0;
        for (var cut = 1; cut <= cuts; cut++)
        {
            var durable = await LoadAndCutAsync(image!, cut);
            image!.Remount();
            await CheckAsync(image, durable, cut);
            acknowledged += durable.Count;
        }

        ProofSummary.Add("power of the journal's ext4 cut", $"{cuts} cuts", $"{acknowledged}", "0", "0", "", "");
    }

    private static JournalHarness Harness(Ext4Image image) => new(image.Mount, new DiskFiles()) { Options = new JournalOptions { SegmentSize = 1 << 20 } };

    private async Task<List<string>> LoadAndCutAsync(Ext4Image image, int cut)
    {
        var durable = new ConcurrentBag<string>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var box = Harness(image);
        box.Open();
        var stream = box.Stream();
        var publishers = Enumerable.Range(0, Publishers).Select(p => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var payload = $"{cut}/{p}/{i}:{new string('x', i % 700)}";
                var result = box.Append(stream, payload);
                if (result.Status != AppendStatus.Accepted || !await box.Durability.WaitAsync(result.Lsn))
                {
                    return;
                }

                durable.Add(payload);
                if (durable.Count >= BeforeTheCut)
                {
                    reached.TrySetResult();
                }
            }
        })).ToArray();
        await reached.Task;
        image.CutPower();
        await Task.WhenAll(publishers);
        output.WriteLine($"cut {cut}: {durable.Count} reported durable");
        return [.. durable];
    }

    private static async Task CheckAsync(Ext4Image image, List<string> durable, int cut)
    {
        await using var box = Harness(image);
        box.Open();
        Assert.Empty(box.Journal.Report.Quarantined);
        var stream = box.Stream();
        var entries = JournalHarness.ReadAll(stream);
        var found = entries.Select(JournalHarness.Text).ToList();
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Empty(durable.Except(found));
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(i => entries[0].Seq + (ulong)i), entries.Select(e => e.Seq));
        Assert.All(found.Select(f => f.Split(['/', ':'])).GroupBy(f => f[1]), one =>
            Assert.Equal(Enumerable.Range(0, one.Count()), one.Select(f => int.Parse(f[2], CultureInfo.InvariantCulture))));
        Assert.All(found, f => Assert.StartsWith($"{cut}/", f, StringComparison.Ordinal));
        entries.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.Empty(stream.Gaps);
    }
}
