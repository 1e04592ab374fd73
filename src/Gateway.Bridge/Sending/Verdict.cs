using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>What an answer from upstream means for an entry.</summary>
internal enum Verdict : byte
{
    /// <summary>Upstream has it.</summary>
    Done,

    /// <summary>Not now: after a back-off the same entry again, and nothing newer before it.</summary>
    Later,

    /// <summary>Never: a <c>refused</c> gap takes its place.</summary>
    Never,
}

internal static class Verdicts
{
    /// <summary>PUBACK Reason Codes (MQTT 5.0 §3.4.2.1). What is not in the table is treated as passing: nothing is thrown away on a guess.</summary>
    public static Verdict Of(ReasonCode code) => code switch
    {
        ReasonCode.Success or ReasonCode.NoMatchingSubscribers => Verdict.Done,
        ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid or ReasonCode.PayloadFormatInvalid => Verdict.Never,
        _ when !code.IsFailure() => Verdict.Done,
        _ => Verdict.Later,
    };

    /// <summary>Whether the message does not fit what CONNACK allows (§3.2.2.3).</summary>
    public static bool IsNever(this SendStatus status) => status is SendStatus.TooLarge or SendStatus.QosNotSupported or SendStatus.RetainNotSupported;

    /// <summary>Why upstream will never take a message, for people.</summary>
    public static string Explain(SendStatus status) => status switch
    {
        SendStatus.TooLarge => "it is larger than upstream's Maximum Packet Size",
        SendStatus.QosNotSupported => "upstream takes no QoS 1",
        _ => "upstream takes no retained messages",
    };
}
