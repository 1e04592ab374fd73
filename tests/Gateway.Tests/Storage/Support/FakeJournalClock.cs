using Gateway.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Storage;

/// <summary>A machine's clocks on a fake time: a new one with the same time is a reboot.</summary>
internal sealed class FakeJournalClock(FakeTime time) : IJournalClock
{
    private readonly long _boot = time.GetTimestamp();

    public DateTimeOffset UtcNow => time.GetUtcNow();

    public bool IsTrusted { get; set; } = true;

    public Guid BootId { get; } = Guid.NewGuid();

    public TimeSpan SinceBoot => time.GetElapsedTime(_boot);
}
