using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Lora;

/// <summary>A node, and how what it says is understood.</summary>
public sealed record LoraDevice : HeardDevice
{
    /// <summary>Its number; null: everything that the modem hears is of it.</summary>
    public int? Node { get; init; }

    /// <summary>null: the link's.</summary>
    public PayloadFormat? Decoder { get; init; }

    /// <summary>Its AES-128 key, 32 hexadecimal digits; null: it sends in the clear.</summary>
    public Secret? Key { get; init; }

    /// <summary>It sleeps, and listens for so long after it has spoken; null: always.</summary>
    public TimeSpan? AnswerWithin { get; init; }

    /// <summary>It says that commands arrived (own frames only); else a command counts as carried out once it was sent.</summary>
    public bool Acknowledges { get; init; } = true;

    public override IEnumerable<DeviceSecret> Secrets => Key is null ? [] : [new("the key", Key, static text => DeviceKey.WhyNot(text, [NodeCipher.KeyLength]))];

    public override string? Keys => Node is { } node ? $"node: {node}" : null;

    public override string ToString() => Node is { } node ? $"node {node}" : "any node";
}
