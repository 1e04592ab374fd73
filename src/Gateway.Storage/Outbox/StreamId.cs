namespace Gateway.Storage;

/// <summary>A stream of the outbox: one bridge and one lane. Written <c>bridge.lane</c>, which is the <c>{stream}</c> of topics.</summary>
public readonly record struct StreamId(string Bridge, Lane Lane)
{
    public override string ToString() => $"{Bridge}.{Lane.Name()}";
}

/// <summary>What a stream carries; lanes of one bridge have limits of their own and are sent in this order of urgency.</summary>
public enum Lane : byte
{
    /// <summary>Events.</summary>
    Alarm = 0,

    /// <summary>Answers to commands.</summary>
    Command = 1,

    /// <summary>Everything else.</summary>
    Telemetry = 2,
}

public static class LaneNames
{
    /// <summary>The lane's name in configuration, topics and metrics.</summary>
    public static string Name(this Lane lane) => lane switch
    {
        Lane.Alarm => "alarm",
        Lane.Command => "command",
        Lane.Telemetry => "telemetry",
        _ => throw new ArgumentOutOfRangeException(nameof(lane), lane, null),
    };
}
