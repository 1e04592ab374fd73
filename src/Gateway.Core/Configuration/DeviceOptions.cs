using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>One entry of <c>links</c>: a line, a network address or a radio behind which devices are.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">The adapter's name in the catalog (<c>modbus-tcp</c>).</param>
/// <param name="Position">Where it is configured.</param>
public abstract record LinkOptions(string Id, string Type, SourcePosition Position)
{
    /// <summary>The address as people write it (<c>192.0.2.20:502</c>).</summary>
    public abstract string Address { get; }

    /// <summary>What else is to be known of it, for people (<c>868.1 MHz, SF9</c>); null: nothing.</summary>
    public virtual string? Facts => null;

    /// <summary>The device node that the link has for itself alone; null: it takes none.</summary>
    public virtual string? DeviceNode => null;

    /// <summary>Devices that are not in the configuration may be found on it: it is at work even if none is.</summary>
    public virtual bool FindsDevices => false;

    /// <summary>Who is let in without being in the configuration; null: nobody.</summary>
    public virtual LetIn? LetsIn => null;

    /// <summary>A device that was found on this link before its options changed, as one of it now.</summary>
    /// <param name="found">As it was found.</param>
    /// <param name="configured">The link's devices now.</param>
    /// <returns>null: it is not wanted any more, or not under its id, or it is one of the configured.</returns>
    public virtual DeviceOptions? Readmit(DeviceOptions found, IReadOnlyList<DeviceOptions> configured) => null;

    /// <summary>Files that it needs, with what they are for people (<c>the key</c>).</summary>
    public virtual IReadOnlyList<(string? Path, string What)> Files => [];
}

/// <summary>One entry of <c>devices</c>.</summary>
public sealed record DeviceOptions
{
    public required string Id { get; init; }

    public required LinkOptions Link { get; init; }

    /// <summary>What the adapter needs to find the device on its link (unit id, address, node).</summary>
    public required DeviceAddress Address { get; init; }

    public required IReadOnlyList<PointOptions> Points { get; init; }

    /// <summary>Its points are what it is heard to say (<c>points: auto</c>): they are found while it runs.</summary>
    public bool FindsPoints { get; init; }

    public TelemetryShape Telemetry { get; init; } = TelemetryShape.PerPoint;

    /// <summary>It is not in the configuration, and was let in by this pattern; null: it is.</summary>
    public string? FoundBy { get; init; }

    /// <summary>null: all of it is written in the configuration.</summary>
    public TemplateUse? Template { get; init; }

    public SourcePosition Position { get; init; }
}

/// <summary>How an adapter finds a device on its link.</summary>
public abstract record DeviceAddress
{
    /// <summary>It is heard when it speaks by itself, and not asked: not to have been heard yet means nothing.</summary>
    public virtual bool SpeaksByItself => false;

    /// <summary>What it needs and the configuration only names.</summary>
    public virtual IEnumerable<DeviceSecret> Secrets => [];

    /// <summary>What finds it, as it is written in the configuration (<c>node: 12</c>); null: not told.</summary>
    public virtual string? Keys => null;

    /// <summary>As people write it (<c>unit 17</c>).</summary>
    public abstract override string ToString();
}

/// <summary>How an adapter finds and decodes a point in its device.</summary>
public abstract record PointAddress
{
    /// <summary>It is asked for again and again; false: the device speaks by itself.</summary>
    public virtual bool IsPolled => true;

    /// <summary>As people write it (<c>holding 100 float32</c>).</summary>
    public abstract override string ToString();
}

/// <summary>One message per reading, or one object per poll cycle of a device.</summary>
public enum TelemetryShape : byte
{
    PerPoint,
    PerDevice,
}

/// <summary>One entry of a device's <c>points</c>.</summary>
public sealed record PointOptions
{
    /// <summary>1 s: what people expect of a live value.</summary>
    public static readonly TimeSpan DefaultEvery = TimeSpan.FromSeconds(1);

    /// <summary>Id of its device.</summary>
    public required string Device { get; init; }

    public required string Id { get; init; }

    public required PointAddress Address { get; init; }

    /// <summary>Multiplied with the raw value; exact, as written.</summary>
    public decimal Scale { get; init; } = 1;

    /// <summary>Added after scaling.</summary>
    public decimal Offset { get; init; }

    /// <summary>Decimal places that the scaled value is rounded to; null: all that there are.</summary>
    public int? Precision { get; init; }

    /// <summary>null: everything is believed.</summary>
    public PlausibleOptions? Plausible { get; init; }

    /// <summary>null: values have no words.</summary>
    public PointLabels? Labels { get; init; }

    /// <summary>The value is a JSON string, for readers that hold numbers as doubles.</summary>
    public bool AsText { get; init; }

    /// <summary>Unit of the scaled value, for people (<c>°C</c>).</summary>
    public string? Unit { get; init; }

    /// <summary>Poll interval.</summary>
    public TimeSpan Every { get; init; } = DefaultEvery;

    public ReportOptions Report { get; init; } = ReportOptions.Always;

    /// <summary>It could not be compared with the maker's document.</summary>
    public bool IsUnverified { get; init; }

    /// <summary>null: read only.</summary>
    public WriteOptions? Write { get; init; }

    /// <summary>Where it is configured.</summary>
    public SourcePosition Position { get; init; }
}

/// <summary>When a reading becomes a message. Every change of quality does, whatever is written here.</summary>
/// <param name="When">Which good readings do.</param>
/// <param name="Change">With <see cref="ReportWhen.Changed"/>: how far the value must have moved since the last report.</param>
/// <param name="AtLeast">Report at least this often, also a bad quality: who hears nothing for longer knows that something is wrong.</param>
public sealed record ReportOptions(ReportWhen When, Deadband Change, TimeSpan AtLeast)
{
    /// <summary>60 s: a bad state is repeated often enough to be seen, and costs nothing.</summary>
    public static readonly TimeSpan DefaultAtLeast = TimeSpan.FromSeconds(60);

    public static readonly ReportOptions Always = new(ReportWhen.Always, default, DefaultAtLeast);

    public static readonly ReportOptions OnChange = new(ReportWhen.Changed, default, DefaultAtLeast);
}

public enum ReportWhen : byte
{
    Always,

    /// <summary>The value has moved; and at least every so often.</summary>
    Changed,

    /// <summary>At least every so often, and no more.</summary>
    AtLeast,
}

/// <summary>Limits of what can be believed: a value beyond them is bad, never published as good.</summary>
/// <param name="Min">Least scaled value; null: no limit.</param>
/// <param name="Max">Greatest scaled value; null: no limit.</param>
public sealed record PlausibleOptions(decimal? Min, decimal? Max);

/// <summary>A point that may be written, and the bounds of the scaled value.</summary>
public sealed record WriteOptions(decimal? Min, decimal? Max);
