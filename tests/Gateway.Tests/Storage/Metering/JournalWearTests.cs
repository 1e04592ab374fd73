using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What the journal says that it wrote is what reached the files.</summary>
public sealed class JournalWearTests : IDisposable
{
    private const int Size = 1_000;
    private const int Count = 600;

    private readonly string _folder = Directory.CreateTempSubdirectory("wear-").FullName;
    private readonly ConcurrentDictionary<string, long> _counted = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Written_OnARealDisk_IsWhatReachedTheFiles()
    {
        var tally = new TallyFiles(new DiskFiles());
        await using var box = new JournalHarness(_folder, tally);
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name is "storage.device.bytes" or "storage.commit.bytes" && ReferenceEquals(instrument.Meter, Meter(box)))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        box.Open();

        // What is made in the background from here on is counted by both.
        await box.SparesAsync();

        // Several segments: commits of messages and of cursors alone, spares, checkpoints, marks, a start.
        var stream = box.Stream();
        await box.TurnsAsync();
        listener.Start();
        var before = box.Metrics.Wear;
        for (var i = 1; i <= Count; i++)
        {
            await box.AppendAsync(stream, new string('x', Size));
            Assert.True(stream.TryRead((ulong)i, out var entry));
            stream.Acknowledge(entry.Seq);
        }

        var metrics = box.Metrics;
        await box.CloseAsync();
        var wear = metrics.Wear;
        Assert.Equal(tally.Written, wear.TotalWritten);
        Assert.Equal(Count * (Size + 1), wear.TotalPayload);
        Assert.True(wear.Ratio > 4, $"{wear}");
        Assert.Equal(wear.TotalWritten - before.TotalWritten, Sum("file"));
        Assert.True(_counted["file=spare"] > 0 && _counted["file=mark"] > 0, string.Join(' ', _counted));

        // Commits lie in segments, which hold their headers besides; what is no message is told apart.
        Assert.InRange(Sum("part"), Count * 4096, _counted["file=segment"]);
        Assert.InRange(_counted["part=entries"], Count * Size, Count * (Size + 100));
        Assert.True(_counted["part=books"] > 0 && _counted["part=restated"] > 0, string.Join(' ', _counted));

        // A start counts its own.
        var closed = tally.Written;
        await box.ReopenAsync();
        metrics = box.Metrics;
        await box.CloseAsync();
        Assert.Equal(tally.Written - closed, metrics.Wear.TotalWritten);
    }

    [Fact]
    public async Task Idle_NothingChanges_NothingIsWritten()
    {
        var tally = new TallyFiles(new SimulatedDisk());
        await using var box = new JournalHarness("/data", tally);
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "1");
        Assert.True(stream.TryRead(0, out var entry));
        stream.Acknowledge(entry.Seq);

        await box.SparesAsync();
        box.Time.Advance(TimeSpan.FromMinutes(5));
        await box.TurnsAsync(5);
        var written = tally.Written;
        for (var hour = 0; hour < 48; hour++)
        {
            box.Time.Advance(TimeSpan.FromHours(1));
            await box.TurnsAsync();
        }

        Assert.Equal((written, 0.0), (tally.Written, box.Metrics.Wear.Daily));
    }

    private static Meter Meter(JournalHarness box) => box.Metrics.Meter;

    private void Take(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _counted.AddOrUpdate($"{tags[0].Key}={tags[0].Value}", value, (_, sum) => sum + value);

    private long Sum(string tag) => _counted.Where(c => c.Key.StartsWith(tag + "=", StringComparison.Ordinal)).Sum(static c => c.Value);
}
