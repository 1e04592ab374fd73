using Gateway.Storage;

namespace Gateway.Benchmarks.Outbox;

internal sealed class BenchClock : IJournalClock
{
    public DateTimeOffset UtcNow => TimeProvider.System.GetUtcNow();

    public bool IsTrusted => true;

    public Guid BootId { get; } = Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id"));

    public TimeSpan SinceBoot => TimeSpan.FromMilliseconds(Environment.TickCount64);
}
