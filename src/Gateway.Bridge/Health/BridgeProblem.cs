using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>What keeps a bridge from its upstream, and what to do about it.</summary>
/// <param name="Kind">One word for programs.</param>
/// <param name="Reason">What happened, for people.</param>
/// <param name="Remedy">What to do.</param>
public sealed record BridgeProblem(string Kind, string Reason, string Remedy)
{
    private const string TriesAgain = "the bridge tries again by itself";

    private const string OtherServer = "write the server that it names into servers; the bridge tries those that stand there by itself";

    /// <summary>Why there is no connection.</summary>
    public static BridgeProblem Of(ConnectFailure failure) => failure.Kind switch
    {
        ConnectFailureKind.Dns => new("dns", failure.Text, "check the name in servers, and this machine's DNS"),
        ConnectFailureKind.Refused => new("refused", failure.Text, "check the port in servers, and whether the broker runs"),
        ConnectFailureKind.Unreachable => new("unreachable", failure.Text, "check the network and its routes"),
        ConnectFailureKind.Timeout => new("timeout", failure.Text, "check the network, a firewall, and whether the port wants mqtts"),
        ConnectFailureKind.TlsFiles => new("tls-files", failure.Text, "correct the files that tls names"),
        ConnectFailureKind.Tls => new("tls", failure.Text, "correct the certificates, or the name in servers"),
        ConnectFailureKind.Closed => new("closed", failure.Text, "look at the broker's log; the port may want mqtts, another protocol version, or a client certificate"),
        ConnectFailureKind.Rejected => Rejected(failure),
        _ => new("protocol", failure.Text, "check that servers names an MQTT broker"),
    };

    /// <summary>Why the connection ended.</summary>
    public static BridgeProblem Of(MqttClose close) => close.Kind switch
    {
        MqttCloseKind.ServerDisconnect when close.ReasonCode == ReasonCode.SessionTakenOver =>
            new("taken-over", close.Text, "another client uses the same client id: give each gateway its own"),
        MqttCloseKind.ServerDisconnect when IsRedirect(close) => new("moved", close.Text, OtherServer),
        MqttCloseKind.ServerDisconnect => new("disconnected", close.Text, TriesAgain),
        MqttCloseKind.Silent => new("silent", close.Text, "check the network; " + TriesAgain),
        MqttCloseKind.ProtocolError => new("protocol", close.Text, TriesAgain),
        _ => new("lost", close.Text, TriesAgain),
    };

    /// <summary>Why the connection ended before upstream had answered the subscriptions.</summary>
    public static BridgeProblem Unintroduced(MqttClose close) => !IsBlamed(close) ? Of(close)
        : new("subscribe", $"{close.Text}, before it had answered the subscriptions", "allow this client to subscribe to what import names; " + TriesAgain);

    /// <summary>Whether the server sends its clients to another one (§4.11).</summary>
    public static bool IsRedirect(MqttClose close) => close is { Kind: MqttCloseKind.ServerDisconnect, ReasonCode: ReasonCode.UseAnotherServer or ReasonCode.ServerMoved };

    /// <summary>The problems of all servers, tried in order, as one.</summary>
    public static BridgeProblem All(IReadOnlyList<BridgeProblem> problems) => problems.Count == 1 ? problems[0] : new(
        string.Join(",", problems.Select(static p => p.Kind)), string.Join("; ", problems.Select(static p => p.Reason)), problems[0].Remedy);

    /// <summary>Whether this ending may be a message's fault: upstream ended it while it was otherwise well.</summary>
    public static bool IsBlamed(MqttClose close) => close.Kind == MqttCloseKind.Lost || (close.Kind == MqttCloseKind.ServerDisconnect && close.ReasonCode is
        ReasonCode.UnspecifiedError or ReasonCode.MalformedPacket or ReasonCode.ProtocolError or ReasonCode.ImplementationSpecificError
        or ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid or ReasonCode.TopicFilterInvalid or ReasonCode.PacketTooLarge
        or ReasonCode.PayloadFormatInvalid or ReasonCode.RetainNotSupported or ReasonCode.QosNotSupported);

    private static BridgeProblem Rejected(ConnectFailure failure) => failure.ReasonCode switch
    {
        ReasonCode.BadUserNameOrPassword => new("password", failure.Text, "correct username and password of the bridge"),
        ReasonCode.NotAuthorized => new("not-authorised", failure.Text, "allow this user or client id upstream, or correct username and password"),
        ReasonCode.ClientIdentifierNotValid => new("client-id", failure.Text, "choose another client-id"),
        ReasonCode.UnsupportedProtocolVersion => new("version", failure.Text, "upstream does not speak MQTT 5"),
        ReasonCode.UseAnotherServer or ReasonCode.ServerMoved => new("moved", failure.Text, OtherServer),
        _ => new("rejected", failure.Text, "look at the broker's log; " + TriesAgain),
    };
}
