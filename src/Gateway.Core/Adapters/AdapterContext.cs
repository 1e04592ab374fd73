using Microsoft.Extensions.Logging;

namespace Gateway.Core;

/// <summary>What an adapter gets of the gateway around it.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Logs">Where its logs go.</param>
public sealed record AdapterContext(TimeProvider Time, ILoggerFactory Logs)
{
    /// <summary>Where it keeps what must outlive it.</summary>
    public IKeptFolder Kept { get; init; } = new MemoryFolder();

    /// <summary>A tool that looks and keeps nothing: what is heard is not acknowledged over the air, for nobody would know of it later.</summary>
    public bool ListensOnly { get; init; }

    /// <summary>The machine's clocks, for what must be dated over restarts.</summary>
    public Func<MachineMoment> Moment { get; init; } = () => new(Time.GetUtcNow(), IsTrusted: false, BootClock.BootId, BootClock.SinceBoot);

    /// <summary>Tells people what needs a person: a stable name for programs, what happened, what to do.</summary>
    public Action<string, string, string> Alert { get; init; } = static (_, _, _) => { };
}

/// <summary>Adapters of which nothing is kept once they end.</summary>
public static class PassingAdapters
{
    public static IAdapter Create(this IAdapterType type, LinkOptions link, IReadOnlyList<DeviceOptions> devices, TimeProvider time, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Create(link, devices, new AdapterContext(time, logs));
    }
}
