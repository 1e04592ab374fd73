namespace Gateway.Mqtt;

/// <summary>How a connection ended.</summary>
/// <param name="Kind">Who ended it.</param>
/// <param name="ReasonCode">Reason Code of the DISCONNECT, if there was one.</param>
/// <param name="Text">For people.</param>
public sealed record MqttClose(MqttCloseKind Kind, ReasonCode ReasonCode, string Text);

public enum MqttCloseKind : byte
{
    /// <summary>We ended it.</summary>
    Local,

    /// <summary>The server sent DISCONNECT (MQTT 5.0 §3.14).</summary>
    ServerDisconnect,

    /// <summary>The server closed or reset the connection without a word.</summary>
    Lost,

    /// <summary>The server was silent for one and a half keep-alive intervals, or took nothing from the socket.</summary>
    Silent,

    /// <summary>The server broke the protocol.</summary>
    ProtocolError,
}
