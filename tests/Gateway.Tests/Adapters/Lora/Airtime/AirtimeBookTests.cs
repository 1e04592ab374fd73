using Gateway.Adapters.Lora;
using Gateway.Core;
using Gateway.Tests.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>No hour is exceeded and nobody is blocked for longer than one, whatever restarts, power cuts and clocks do in between.</summary>
public sealed class AirtimeBookTests : IDisposable
{
    private static readonly RegionBand s_band = new(868_000_000, 868_600_000, 14, 0.01m);
    private static readonly TimeSpan s_packet = TimeSpan.FromMilliseconds(1482.752);
    private static readonly TimeSpan s_whole = TimeSpan.FromSeconds(36);

    private readonly KeptBox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void AnyHour_IsNeverExceeded_AndEndsForTheOneWhoWaits(int seed, bool isTrusted)
    {
        var random = new Random(seed);
        var sent = new Queue<(TimeSpan At, TimeSpan Length)>();
        _box.IsTrusted = isTrusted;
        var budget = Claim(_box.Context);
        for (var step = 0; step < 6_000; step++)
        {
            if (budget.WaitFor(s_packet) == TimeSpan.Zero && random.Next(3) > 0)
            {
                Assert.Null(budget.Charge(s_packet));
                sent.Enqueue((Now, s_packet));
            }

            while (sent.TryPeek(out var oldest) && Now - oldest.At >= TimeSpan.FromHours(1))
            {
                sent.Dequeue();
            }

            Assert.True(sent.Count * s_packet <= s_whole, $"{sent.Count} packets within an hour, step {step}");
            switch (random.Next(60))
            {
                case 0:
                    budget = Claim(_box.Start());
                    break;
                case 1:
                    budget = Claim(_box.CutPower(random));
                    break;
                case 2:
                    // NTP sets the clock, or takes trust away; a clock without trust may stand anywhere.
                    _box.IsTrusted = isTrusted || random.Next(2) == 0;
                    break;
                case 3 when !_box.IsTrusted:
                    _box.Time.JumpWallClock(TimeSpan.FromDays(random.Next(-3000, 3000)));
                    break;
            }

            if (!_box.IsTrusted && !isTrusted)
            {
                // A clock is only trusted where it is right.
                _box.Time.JumpWallClock(TimeSpan.FromMinutes(random.Next(-90, 90)));
            }

            if (_box.IsTrusted)
            {
                _box.Time.JumpWallClock(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero) + Now - _box.Time.GetUtcNow());
            }

            _box.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 40)));
            Book(_box.Context).Step();
        }

        _box.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (budget.WaitFor(s_packet), budget.Used));
    }

    [Fact]
    public void Charge_IsOnTheDiskBeforeItReturns_AtAnyPowerCut()
    {
        var random = new Random(5);
        var budget = Claim(_box.Context);
        var after = new List<(int Operations, int Packets)> { (_box.Log.Count, 0) };
        for (var i = 1; i <= 20; i++)
        {
            Assert.Null(budget.Charge(s_packet));
            after.Add((_box.Log.Count, i));
            _box.Time.Advance(TimeSpan.FromSeconds(30));
        }

        var log = _box.Log.ToList();
        for (var cut = 0; cut <= log.Count; cut++)
        {
            using var box = new KeptBox { };
            box.Time.Advance(TimeSpan.FromMinutes(20));
            box.Log.AddRange(log.Select(o => o with { Path = o.Path.Replace(_box.Folder, box.Folder, StringComparison.Ordinal), From = o.From?.Replace(_box.Folder, box.Folder, StringComparison.Ordinal) }));
            var packets = after.Last(a => a.Operations <= cut).Packets;
            var kept = Claim(box.CutPower(random, cut)).Used;
            Assert.InRange(kept, packets * s_packet, (packets + 1) * (s_packet + TimeSpan.FromMilliseconds(1)));
        }
    }

    [Fact]
    public void Restart_WithinABoot_CountsToTheSecond_WhateverTheWallClockSays()
    {
        Assert.Null(Claim(_box.Context).Charge(s_whole));
        _box.Time.Advance(TimeSpan.FromMinutes(50));
        _box.Time.JumpWallClock(TimeSpan.FromDays(20_000));
        Assert.Equal(TimeSpan.FromMinutes(10), Claim(_box.Start()).WaitFor(s_packet));
        _box.Time.JumpWallClock(TimeSpan.FromDays(-30_000));
        Assert.Equal(TimeSpan.FromMinutes(10), Claim(_box.Start()).WaitFor(s_packet));
    }

    [Fact]
    public void Reboot_WithTrustedClocks_CountsTheTimeInBetween_AsSoonAsItIsTrusted()
    {
        Assert.Null(Claim(_box.Context).Charge(s_whole));
        _box.Time.Advance(TimeSpan.FromMinutes(50));
        _box.IsTrusted = false;
        var budget = Claim(_box.Boot());
        Assert.Equal(TimeSpan.FromHours(1), budget.WaitFor(s_packet));
        _box.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(TimeSpan.FromMinutes(58), budget.WaitFor(s_packet));
        _box.IsTrusted = true;
        Assert.Equal(TimeSpan.FromMinutes(8), budget.WaitFor(s_packet));
    }

    [Fact]
    public void Reboot_AfterTheClockWentBack_NeverMakesItOlderThanItIs()
    {
        Assert.Null(Claim(_box.Context).Charge(s_whole));
        _box.Time.Advance(TimeSpan.FromMinutes(50));
        _box.Time.JumpWallClock(TimeSpan.FromDays(-1));
        Assert.Equal(TimeSpan.FromHours(1), Claim(_box.Boot()).WaitFor(s_packet));
    }

    [Fact]
    public void Reboots_EveryQuarterOfAnHour_WithAClockThatNobodyTrusts_DoNotBlockForEver()
    {
        _box.IsTrusted = false;
        Assert.Null(Claim(_box.Context).Charge(s_whole));
        TimeSpan? wait = null;
        for (var i = 0; i < 7; i++)
        {
            for (var second = 0; second < 15 * 60; second++)
            {
                _box.Time.Advance(TimeSpan.FromSeconds(1));
                Book(_box.Context).Step();
            }

            wait = Claim(_box.Boot()).WaitFor(s_packet);
        }

        Assert.Equal(TimeSpan.Zero, wait);
    }

    [Fact]
    public void WhoSendsNothing_WritesNothing()
    {
        var budget = Claim(_box.Context);
        Assert.Empty(_box.Log);
        budget.Charge(s_packet);
        var operations = _box.Log.Count;
        for (var i = 0; i < 24 * 60; i++)
        {
            _box.Time.Advance(TimeSpan.FromMinutes(1));
            Book(_box.Context).Step();
        }

        // Once: that the hour is over.
        Assert.Equal([DiskOperationKind.Write, DiskOperationKind.Sync], _box.Log.Skip(operations).Select(o => o.Kind));

        // Days later, on a machine that does not know the time.
        _box.IsTrusted = false;
        Assert.Equal(TimeSpan.Zero, Claim(_box.Boot()).WaitFor(s_whole));
    }

    [Fact]
    public void APacket_CostsOneWriteOfABlock()
    {
        var budget = Claim(_box.Context);
        budget.Charge(s_packet);
        var operations = _box.Log.Count;
        for (var i = 0; i < 20; i++)
        {
            budget.Charge(TimeSpan.FromMilliseconds(50));
        }

        var after = _box.Log.Skip(operations).ToList();
        Assert.Equal((20, 20), (after.Count(o => o.Kind == DiskOperationKind.Write), after.Count(o => o.Kind == DiskOperationKind.Sync)));
        Assert.All(after, o => Assert.True(o.Data.Length < 4096));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALostFile_IsTold_AndCountsAsAFullHour_Once(bool isMissing)
    {
        Assert.Null(Claim(_box.Context).Charge(s_packet));
        var file = Path.Combine(_box.Folder, AirtimeBook.Name);
        if (isMissing)
        {
            _box.Disk.Delete(file);
        }
        else
        {
            _box.Disk.Bytes(file).AsSpan().Fill(0x55);
        }

        _box.Time.Advance(TimeSpan.FromHours(30));
        Assert.Equal(TimeSpan.FromHours(1), Claim(_box.Boot()).WaitFor(s_packet));
        var alert = Assert.Single(_box.Alerts);
        Assert.Equal("airtime", alert.Kind);
        Assert.Contains($"{file} is missing or damaged", alert.Text);

        // Who starts again and again does not begin another hour each time.
        _box.Time.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(TimeSpan.FromMinutes(20), Claim(_box.Start()).WaitFor(s_packet));
        Assert.Equal(TimeSpan.FromMinutes(20), Book(_box.Context).Unknown!.Value.Left);
        _box.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(TimeSpan.Zero, Claim(_box.Start()).WaitFor(s_packet));
        Assert.Single(_box.Alerts);
    }

    [Fact]
    public void ACopy_CountsAsAFullHour_AndIsTold()
    {
        Assert.Null(Claim(_box.Context).Charge(s_packet));
        Assert.Equal(TimeSpan.FromHours(1), Claim(_box.Boot("another machine")).WaitFor(s_packet));
        Assert.Contains("comes out of a backup or from another machine", Assert.Single(_box.Alerts).Text);
        Assert.Equal(TimeSpan.FromHours(1), Claim(_box.Start("another machine")).WaitFor(s_packet));
        Assert.Single(_box.Alerts);
    }

    [Fact]
    public void WhatCannotBeKept_IsNotSent_AndNotCounted()
    {
        var budget = Claim(_box.Context);
        Assert.Null(budget.Charge(s_packet));
        _box.Disk.Fault = static (kind, _) => kind == DiskOperationKind.Write ? new IOException("Read-only file system", 30) : null;
        Assert.Equal("Read-only file system", budget.Charge(s_packet));
        Assert.Equal((s_packet, "Read-only file system"), (budget.Used, Book(_box.Context).Problem));
        _box.Disk.Fault = null;
        Assert.Null(budget.Charge(s_packet));
        Assert.Equal((2 * s_packet, null), (budget.Used, Book(_box.Context).Problem));
    }

    [Fact]
    public void ATransmitter_UnderAnotherNameOfItsPort_HasNoNewHour_ASecondOneHas()
    {
        var first = Claim(_box.Context, "/dev/ttyUSB0");
        Assert.Null(first.Charge(s_whole));
        Assert.Equal(TimeSpan.Zero, Claim(_box.Context, "/dev/ttyUSB1").WaitFor(s_packet));
        first.Dispose();
        Assert.NotEqual(TimeSpan.Zero, Claim(_box.Context, "/dev/serial/by-id/modem").WaitFor(s_packet));
        Assert.Equal(TimeSpan.Zero, Claim(_box.Context, "/dev/ttyUSB1").WaitFor(s_packet));
        Assert.NotEqual(TimeSpan.Zero, Claim(_box.Context, "/dev/ttyUSB0").WaitFor(s_packet));
    }

    [Fact]
    public void Garbage_IsALostFile_NeverAnException()
    {
        var random = new Random(4);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            if (bytes.Length > 40 && random.Next(4) > 0)
            {
                bytes[0] = 1;
                (bytes[38], bytes[39]) = ((byte)random.Next(4), 0);
            }

            if (AirtimeRecord.TryRead(bytes, out var record))
            {
                Assert.True(AirtimeRecord.TryRead(record.ToBytes(), out var again));
                Assert.Equal(record.Items.Select(static r => r.Transmitter), again.Items.Select(static r => r.Transmitter));
            }
        }
    }

    private TimeSpan Now => TimeSpan.FromTicks(_box.Time.GetTimestamp());

    private static AirtimeBook Book(AdapterContext context) => context.Kept.Open(AirtimeBook.Name, state => new AirtimeBook(state, context));

    private static AirtimeBook.KeptBudget Claim(AdapterContext context, string port = "/dev/ttyUSB0") => Book(context).Claim(port, s_band);
}
