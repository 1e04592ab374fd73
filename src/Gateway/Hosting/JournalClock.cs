using Gateway.Core;
using Gateway.Storage;

namespace Gateway.Hosting;

/// <summary>The clocks that the journal stamps its commits with.</summary>
internal sealed class JournalClock(ClockTrust trust, TimeProvider time) : IJournalClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();

    public bool IsTrusted => trust.IsTrusted;

    public Guid BootId => BootClock.BootId;

    public TimeSpan SinceBoot => BootClock.SinceBoot;
}
