using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Configuration;

namespace Gateway.Adapters.Lora;

/// <summary>The keys of a device on a <c>lora</c> link.</summary>
internal static class LoraDeviceTable
{
    public static LoraDevice Read(MapReader map) => new()
    {
        Node = map.Maybe("node", Kinds.Integer(0, 65535, "12"), "whatever the modem hears", "Its number: the modem's address of the sender, the frame's node, or the bytes in front of the payload."),
        Decoder = map.Maybe("decoder", PayloadFormat.Kind, "the link's", "How its payloads are understood."),
        Key = map.Maybe("key", Kinds.Secret, "it sends in the clear", "Where its AES-128 key is kept (own frames only), 32 hexadecimal digits. With it, what comes in the clear is refused."),
        AnswerWithin = map.Maybe("answer-within", Kinds.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)), "it always listens", "It sleeps, and listens for so long after it has spoken: commands wait until then."),
        Acknowledges = map.Optional("acknowledges", Kinds.Boolean, true, "With own frames: it answers each command, which is sent again if it does not. false: sent is as good as done."),
        Report = HeardTable.ReadReport(map),
        OfflineAfter = HeardTable.ReadOfflineAfter(map),
    };
}
