namespace Gateway.Mqtt;

/// <summary>Why there is no connection.</summary>
/// <param name="Kind">The stage that failed.</param>
/// <param name="Text">For people: what happened, with names and addresses.</param>
/// <param name="ReasonCode">What CONNACK said, with <see cref="ConnectFailureKind.Rejected"/>.</param>
public sealed record ConnectFailure(ConnectFailureKind Kind, string Text, ReasonCode ReasonCode = ReasonCode.Success);

public enum ConnectFailureKind : byte
{
    /// <summary>The host name has no address.</summary>
    Dns,

    /// <summary>The host answers that nothing listens on the port.</summary>
    Refused,

    /// <summary>No way to the host.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>Our own certificate files cannot be used.</summary>
    TlsFiles,

    /// <summary>The TLS handshake failed.</summary>
    Tls,

    /// <summary>The server closed before CONNACK: some do so instead of refusing a protocol version.</summary>
    Closed,

    /// <summary>CONNACK carried a failure.</summary>
    Rejected,

    /// <summary>What the server sent is not MQTT.</summary>
    Protocol,
}

/// <summary>A connected client, or why there is none: exactly one of the two.</summary>
public readonly record struct MqttConnectResult(MqttClient? Client, ConnectFailure? Failure)
{
    internal MqttConnectResult(ConnectFailureKind kind, string text, ReasonCode code = ReasonCode.Success)
        : this(null, new ConnectFailure(kind, text, code))
    {
    }
}
