namespace Gateway.OutboxControl;

/// <summary>A message as upstream would see it: an entry, a gap's or the ledger's document; or a range that cannot be read.</summary>
internal sealed record OutboxLine
{
    /// <summary>Its position in the stream, which in the first epoch is its number; null: it is no entry.</summary>
    public ulong? Seq { get; init; }

    public string? Topic { get; init; }

    /// <summary>If it is UTF-8 text.</summary>
    public string? Payload { get; init; }

    /// <summary>Base64, if it is not.</summary>
    public string? Payload64 { get; init; }

    /// <summary><c>id;bridge.lane;epoch;seq[;previous-epoch]</c>.</summary>
    public string? Gw { get; init; }

    public bool? Retain { get; init; }

    /// <summary>As it was published to the gateway; upstream it is 1.</summary>
    public int? Qos { get; init; }

    /// <summary>Wall clock of the append, ms since the epoch.</summary>
    public long? Ts { get; init; }

    /// <summary>How long it has certainly been here, ms.</summary>
    public long? Age { get; init; }

    /// <summary>Bytes of its payload.</summary>
    public int? Size { get; init; }

    /// <summary>Seconds until it expires; 0: it has.</summary>
    public long? Expires { get; init; }

    /// <summary>It was sent and is not acknowledged yet.</summary>
    public bool? InFlight { get; init; }

    public LineProperties? Properties { get; init; }

    /// <summary>Numbers that cannot be read: then this is no entry, and at most the gap that they will be.</summary>
    public LineRange? Damaged { get; init; }
}

/// <summary>The MQTT 5 properties, without the expiry and <c>gw</c>.</summary>
/// <param name="Text">Payload Format Indicator.</param>
/// <param name="ContentType">Content Type.</param>
/// <param name="ResponseTopic">Response Topic.</param>
/// <param name="Correlation64">Correlation Data, base64.</param>
/// <param name="User">User Properties, pairs in their order.</param>
internal sealed record LineProperties(bool? Text, string? ContentType, string? ResponseTopic, string? Correlation64, IReadOnlyList<IReadOnlyList<string>>? User);

/// <summary>Both ends inclusive.</summary>
internal sealed record LineRange(ulong From, ulong To);
