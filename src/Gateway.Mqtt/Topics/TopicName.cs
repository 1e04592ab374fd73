using System.Text;

namespace Gateway.Mqtt;

/// <summary>What a message is published to (MQTT 5.0 §4.7).</summary>
public static class TopicName
{
    /// <summary>Bytes that a UTF-8 string on the wire can have (§1.5.4).</summary>
    internal const int MaxBytes = ushort.MaxValue;

    /// <summary>Most bytes that one UTF-16 code unit takes in UTF-8.</summary>
    internal const int MaxBytesPerChar = 3;

    /// <summary>1..65535 bytes, no wildcard, no U+0000 (§4.7.1, §4.7.3).</summary>
    public static bool IsValid(ReadOnlySpan<char> topic) =>
        !topic.IsEmpty && topic.IndexOfAny('+', '#', '\0') < 0 && FitsOnWire(topic);

    /// <summary>Whether the topic belongs to the server: not matched by a leading wildcard, not for clients to publish to (§4.7.2).</summary>
    public static bool IsReserved(ReadOnlySpan<char> topic) => !topic.IsEmpty && topic[0] == '$';

    internal static bool FitsOnWire(ReadOnlySpan<char> text) =>
        text.Length <= MaxBytes / MaxBytesPerChar || Encoding.UTF8.GetByteCount(text) <= MaxBytes;
}
