using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>How a bridge introduces itself upstream. Remembers what upstream cannot do, so that the next attempt asks for less.</summary>
internal sealed class ConnectPlan(BridgeOptions options, BridgeContext context)
{
    public static ReadOnlySpan<byte> Online => "online"u8;

    public static ReadOnlySpan<byte> Offline => "offline"u8;

    private QualityOfService _willQos = QualityOfService.AtLeastOnce;
    private bool _willRetain = true;

    /// <returns>null, and which secret cannot be read.</returns>
    public MqttClientOptions? TryMake(UpstreamServer server, out string? problem)
    {
        problem = null;
        string? password = null;
        if (options.Password is { } secret && (password = secret.TryRead(out problem)) is null)
        {
            return null;
        }

        var tuning = context.Tuning;
        return new MqttClientOptions
        {
            Host = server.Host,
            Port = server.Port,
            Tls = server.Tls ? UpstreamFiles.Tls(options) ?? new TlsFiles() : null,
            Version = options.Protocol,
            ClientId = options.ClientId ?? context.GatewayId,
            Username = options.Username,
            Password = password,
            CleanStart = false,
            SessionExpirySeconds = (uint)tuning.SessionExpiry.TotalSeconds,
            KeepAlive = tuning.KeepAlive,
            ConnectTimeout = tuning.ConnectTimeout,
            IsClockTrusted = context.IsClockTrusted,
            Will = new Will(Presence(Offline, _willQos, _willRetain), (uint)tuning.WillDelay.TotalSeconds),
        };
    }

    /// <summary>CONNACK refused the will's QoS or RETAIN (§3.1.2.6, §3.1.2.7).</summary>
    /// <returns>true: the next attempt asks for less, so try at once.</returns>
    public bool Concede(ReasonCode code)
    {
        switch (code)
        {
            case ReasonCode.QosNotSupported when _willQos != QualityOfService.AtMostOnce:
                _willQos = QualityOfService.AtMostOnce;
                return true;
            case ReasonCode.RetainNotSupported when _willRetain:
                _willRetain = false;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The gateway's presence upstream.</summary>
    public MqttMessage Presence(ReadOnlySpan<byte> payload, QualityOfService qos = QualityOfService.AtLeastOnce, bool retain = true) =>
        new() { Topic = context.Topics.Status, Payload = payload.ToArray(), Qos = qos, Retain = retain };
}
