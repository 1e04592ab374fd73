using Gateway.Adapters.Heard;
using Gateway.Core;
using Gateway.Tests.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Heard;

/// <summary>What was handed on once is never handed on again, and no counter is sent twice, wherever the power goes; the card is hardly written.</summary>
public sealed class CounterBookTests : IDisposable
{
    private static readonly byte[] s_key = new byte[16];
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly KeptBox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public void Take_HandsOnOnlyWhatIsRefusedAfterAnyPowerCut()
    {
        var random = new Random(11);
        var handedOn = new List<(int Operations, string Device, uint Counter)>();
        var next = new Dictionary<string, uint> { ["node"] = 1, ["button"] = 70, ["sensor"] = 500 };
        var held = new Queue<(string Device, uint Counter)>();
        var book = CounterBook.Open(_box.Context);
        Of(book, "button").TellsEvents();
        for (var step = 0; step < 1500; step++)
        {
            _box.Time.Advance(TimeSpan.FromMilliseconds(random.Next(50, 900)));
            var device = random.Next(40) switch { 0 => "node", 1 => "button", _ => "sensor" };
            held.Enqueue((device, next[device]++));
            while (held.TryPeek(out var first) && Of(book, first.Device).Take(first.Counter))
            {
                handedOn.Add((_box.Log.Count, first.Device, first.Counter));
                held.Dequeue();
            }

            book.Step();
        }

        Assert.True(handedOn.Count > 1400, $"{handedOn.Count}");
        var log = _box.Log.ToList();
        for (var cut = 0; cut <= log.Count; cut++)
        {
            var after = new KeptBox();
            using var _ = after;
            after.Log.AddRange(log.Select(o => o with { Path = o.Path.Replace(_box.Folder, after.Folder, StringComparison.Ordinal), From = o.From?.Replace(_box.Folder, after.Folder, StringComparison.Ordinal) }));
            var again = CounterBook.Open(after.CutPower(random, cut));
            foreach (var (operations, device, counter) in handedOn.Where(h => h.Operations <= cut))
            {
                Assert.False(KeptCounter.IsNewer(counter, Of(again, device).Highest!.Value), $"{device} {counter} would be handed on again after a power cut at {cut}");
            }

            // What has not been sent yet is let in: at once where every message counts, within a minute of counting from others.
            foreach (var rare in (string[])["node", "button"])
            {
                var last = handedOn.FindAll(h => h.Operations <= cut && h.Device == rare).Select(h => h.Counter).DefaultIfEmpty(0u).Max();
                Assert.True((Of(again, rare).Highest ?? 0) <= last + 1, $"{rare}: {Of(again, rare).Highest} after {last}");
            }
        }
    }

    [Fact]
    public void Take_WithinASecondOfTheLastWrite_Waits_AndOneWriteIsForAll()
    {
        var book = CounterBook.Open(_box.Context);
        Assert.True(Of(book, "node").Take(7));
        Assert.True(Of(book, "node").Take(7));
        Assert.False(Of(book, "node").Take(8));
        Assert.False(Of(book, "button").Take(70));
        _box.Time.Advance(CounterBook.SaveEvery);
        Assert.Equal(1, book.Saves);
        Assert.True(Of(book, "node").Take(8));
        Assert.True(Of(book, "button").Take(70));
        Assert.Equal(2, book.Saves);
    }

    [Fact]
    public void SensorsThatCountAllTheTime_CostAWriteAMinute_ForAllTogether()
    {
        var book = CounterBook.Open(_box.Context);
        var sensors = Enumerable.Range(0, 50).Select(i => book.Of($"sensor {i}", s_key, s_minute)).ToList();
        Run(0, 180);
        var saves = book.Saves;
        var bytes = _box.Log.Sum(static o => (long)o.Data.Length);
        Run(180, 180 + 3600);
        Assert.InRange(book.Saves - saves, 50, 130);
        Assert.True(_box.Log.Sum(static o => (long)o.Data.Length) - bytes < 400_000);

        // They go away: their marks come down, once.
        saves = book.Saves;
        for (var i = 0; i < 3600; i++)
        {
            _box.Time.Advance(TimeSpan.FromSeconds(1));
            book.Step();
        }

        Assert.InRange(book.Saves - saves, 1, 2);
        var again = CounterBook.Open(_box.CutPower(new(1)));
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal((3779u, 3779u), (again.Of($"sensor {i}", s_key, s_minute).Received, again.Of($"sensor {i}", s_key, s_minute).Highest)));

        void Run(int from, int to)
        {
            for (var second = from; second < to; second++)
            {
                _box.Time.Advance(TimeSpan.FromSeconds(1));
                book.Step();
                foreach (var sensor in sensors)
                {
                    sensor.Take((uint)second);
                }
            }
        }
    }

    [Fact]
    public void ABurstOfPresses_GetsNoMarkAheadThatLasts()
    {
        var book = CounterBook.Open(_box.Context);
        var button = Of(book, "button");
        for (var press = 1u; press <= 40; press++)
        {
            _box.Time.Advance(TimeSpan.FromSeconds(2));
            book.Step();
            Assert.True(button.Take(press));
        }

        for (var i = 0; i < 120; i++)
        {
            _box.Time.Advance(TimeSpan.FromSeconds(1));
            book.Step();
        }

        Assert.Equal(40u, Of(CounterBook.Open(_box.CutPower(new(1))), "button").Highest);
    }

    [Fact]
    public void AStop_WritesWhatWasHeard_WithoutMarksAhead()
    {
        var book = CounterBook.Open(_box.Context);
        for (var second = 1u; second <= 300; second++)
        {
            _box.Time.Advance(TimeSpan.FromSeconds(1));
            Of(book, "sensor").Take(second);
        }

        Assert.NotEqual(300u, Of(CounterBook.Open(_box.Start()), "sensor").Highest);
        book.Rest();
        Assert.Equal((300u, 300u), (Of(CounterBook.Open(_box.Start()), "sensor").Highest, Of(CounterBook.Open(_box.Start()), "sensor").Received));
        var operations = _box.Log.Count;
        book.Rest();
        Assert.Equal(operations, _box.Log.Count);
    }

    [Fact]
    public void ASensorThatCountsAnew_IsKeptAsItCountsNow()
    {
        var book = CounterBook.Open(_box.Context);
        Assert.True(Of(book, "sensor").Take(154_553));
        Assert.True(Of(book, "sensor").Take(148, startedAnew: true));
        _box.Time.Advance(TimeSpan.FromSeconds(2));
        book.Step();
        Assert.Equal(148u, Of(CounterBook.Open(_box.CutPower(new(1))), "sensor").Highest);
    }

    [Fact]
    public void AfterTheLastCounter_TheFirstIsKept()
    {
        var book = CounterBook.Open(_box.Context);
        Assert.True(Of(book, "sensor").Take(uint.MaxValue));
        _box.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(Of(book, "sensor").Take(0));
        Assert.Equal(0u, Of(CounterBook.Open(_box.CutPower(new(1))), "sensor").Highest);
    }

    [Fact]
    public void AnotherKey_BeginsAnew_AnotherNameOfTheLinkDoesNot()
    {
        var book = CounterBook.Open(_box.Context);
        Assert.True(Of(book, "node").Take(9));
        Assert.Null(book.Of("node", [.. Enumerable.Repeat((byte)1, 16)], TimeSpan.Zero).Highest);
        Assert.Equal(9u, CounterBook.Open(_box.Start()).Of("node", s_key, TimeSpan.Zero).Highest);
    }

    [Fact]
    public void ADiskThatFails_StopsNothingThatIsHeard_AndIsTold_NothingIsSent()
    {
        var book = CounterBook.Open(_box.Context);
        Assert.True(Of(book, "node").Take(1));
        _box.Disk.Fault = static (kind, _) => kind == DiskOperationKind.Write ? SimulatedDisk.Broken : null;
        var asked = 0;
        for (var counter = 2u; counter < 102; counter++)
        {
            _box.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(Of(book, "node").Take(counter));
            asked += book.Problem is null ? 0 : 1;
        }

        Assert.Equal((100, "Input/output error"), (asked, book.Problem));
        Assert.Equal("Input/output error", Of(book, "node").TryNext(out _));
        _box.Disk.Fault = null;
        _box.Time.Advance(TimeSpan.FromSeconds(10));
        book.Step();
        Assert.Null(book.Problem);
        Assert.Null(Of(book, "node").TryNext(out _));
        Assert.Equal(101u, Of(CounterBook.Open(_box.Start()), "node").Highest);
    }

    [Fact]
    public void TryNext_NeverGivesACounterTwice_WhateverHappens()
    {
        var random = new Random(3);
        var used = new HashSet<uint>();
        var cut = 0;
        for (var start = 0; start < 60; start++)
        {
            var context = (start % 6) switch { 0 => _box.Start(), 1 => _box.Start($"machine {start}"), 2 => Lose(), 3 => _box.Boot(), _ => _box.CutPower(random) };
            var counter = Of(CounterBook.Open(context), "node");
            for (var i = random.Next(150); i > 0; i--)
            {
                _box.Time.Advance(TimeSpan.FromSeconds(2));
                Assert.Null(counter.TryNext(out var next));
                Assert.True(used.Add(next), $"counter {next} twice, start {start}");
            }

            cut++;
        }

        Assert.Equal(60, cut);

        AdapterContext Lose()
        {
            var file = Path.Combine(_box.Folder, CounterBook.Name);
            if (_box.Disk.List(_box.Folder).Contains(file))
            {
                _box.Disk.Delete(file);
            }

            return _box.Boot();
        }
    }

    [Fact]
    public void TryNext_WhereNothingIsKnown_NeedsAClockThatWasSetOnce()
    {
        _box.Time.JumpWallClock(TimeSpan.FromDays(-20_000));
        Assert.Contains("the clock", Of(CounterBook.Open(_box.Context), "node").TryNext(out _));
        _box.Time.JumpWallClock(TimeSpan.FromDays(20_000));
        Assert.Null(Of(CounterBook.Open(_box.Context), "node").TryNext(out var first));

        // What is known goes on without one.
        _box.Time.JumpWallClock(TimeSpan.FromDays(-20_000));
        Assert.Null(Of(CounterBook.Open(_box.Boot()), "node").TryNext(out var second));
        Assert.Equal(first + 64, second);
    }

    [Fact]
    public void Next_IsWrittenOnceForMany()
    {
        var counter = Of(CounterBook.Open(_box.Context), "node");
        Assert.Null(counter.TryNext(out _));
        var operations = _box.Log.Count;
        for (var i = 1; i < 64; i++)
        {
            Assert.Null(counter.TryNext(out _));
        }

        Assert.Equal(operations, _box.Log.Count);
    }

    [Fact]
    public void ALostFile_IsTold_AndEachDeviceIsBelievedOnce()
    {
        Assert.True(Of(CounterBook.Open(_box.Context), "node").Take(9));
        _box.Disk.Bytes(Path.Combine(_box.Folder, CounterBook.Name)).AsSpan().Fill(0x55);
        var book = CounterBook.Open(_box.Boot());
        Assert.Null(Of(book, "node").Highest);
        var alert = Assert.Single(_box.Alerts);
        Assert.Equal("counters", alert.Kind);
        Assert.Contains("is missing or damaged. Until each of them is heard again, a recording of it would be believed", alert.Text);
        _box.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(Of(book, "node").Take(12));
        Assert.Equal(12u, Of(CounterBook.Open(_box.Boot()), "node").Highest);
        Assert.Single(_box.Alerts);
    }

    [Fact]
    public void ACopy_RefusesWhatTheBackupKnew_AndTellsThatItMayNotKnowAll_Once()
    {
        Assert.True(Of(CounterBook.Open(_box.Context), "node").Take(9));
        Assert.Equal(9u, Of(CounterBook.Open(_box.Boot("another machine")), "node").Highest);
        Assert.Contains("those of a backup or of another machine", Assert.Single(_box.Alerts).Text);
        CounterBook.Open(_box.Start("another machine"));
        Assert.Single(_box.Alerts);
    }

    [Fact]
    public void Garbage_IsALostFile_NeverAnException()
    {
        var random = new Random(2);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[random.Next(100)];
            random.NextBytes(bytes);
            if (bytes.Length > 4 && random.Next(2) == 0)
            {
                bytes.AsSpan(0, 4).Clear();
                bytes[0] = 1;
            }

            Assert.True(!CounterRecord.TryRead(bytes, out var records) || records.Count == (bytes.Length - 8) / 32);
        }
    }

    /// <summary>Sensors may have marks ahead; nodes never.</summary>
    private static KeptCounter Of(CounterBook book, string device) => book.Of(device, s_key, device == "node" ? TimeSpan.Zero : s_minute);
}
