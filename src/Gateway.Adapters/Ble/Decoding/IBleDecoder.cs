using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>One format of advertisements in the catalog of decoders (<see cref="BleFormats"/>).</summary>
public interface IBleFormat
{
    /// <summary>Name in <c>devices: decoder</c> (<c>bthome</c>).</summary>
    string Name { get; }

    /// <summary>One sentence for <c>--help</c> and for scans.</summary>
    string Meaning { get; }

    /// <summary>How many bytes a key may have; empty: there is no encryption.</summary>
    IReadOnlyList<int> KeyLengths { get; }

    /// <summary>Whether the advertisement is of this format; cheap, for scans and for devices without a decoder's name.</summary>
    bool Recognises(Advertisement advertisement);

    /// <summary>The decoder of one device.</summary>
    /// <param name="key">One of <see cref="KeyLengths"/>; null: it sends in the clear.</param>
    /// <param name="time">The clock of <see cref="Advertisement.HeardAt"/>.</param>
    /// <param name="counter">Keeps the counter of encrypted messages beyond the decoder; null: it ends with it, and a new one believes the first that it hears.</param>
    IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null);
}

/// <summary>Understands the advertisements of one device. Remembers what the format needs for that (counters, packet ids); never throws for what was heard.</summary>
public interface IBleDecoder
{
    /// <summary>Decodes one advertisement.</summary>
    /// <param name="advertisement">What was heard.</param>
    /// <param name="values">Receives the values; empty unless <see cref="DecodeStatus.Decoded"/>.</param>
    DecodeOutcome Decode(Advertisement advertisement, DecodedValues values);
}

/// <param name="Status">What it was.</param>
/// <param name="Reason">Why it was refused, for people, or why the values that were decoded are not all of it; null otherwise.</param>
/// <param name="Remedy">What a person can do about it; null: nothing.</param>
public readonly record struct DecodeOutcome(DecodeStatus Status, string? Reason = null, string? Remedy = null)
{
    public static readonly DecodeOutcome Decoded = new(DecodeStatus.Decoded);

    public static readonly DecodeOutcome Repeated = new(DecodeStatus.Repeated);

    public static readonly DecodeOutcome NotMine = new(DecodeStatus.NotMine);

    public static readonly DecodeOutcome Held = new(DecodeStatus.Held);

    public static DecodeOutcome Refused(string reason, string? remedy = null) => new(DecodeStatus.Refused, reason, remedy);
}

public enum DecodeStatus : byte
{
    /// <summary>Understood; the values are good or bad by themselves.</summary>
    Decoded,

    /// <summary>A copy of what was decoded before (same packet id, counter or bytes): a sign of life, no new values.</summary>
    Repeated,

    /// <summary>Of another format, or a part of it that says nothing.</summary>
    NotMine,

    /// <summary>Of this format and not to be believed: wrong key, replay, in the clear though a key is configured, cut short.</summary>
    Refused,

    /// <summary>Good and new, and not to be handed on before its counter is on the disk: to be decoded again when a second has passed.</summary>
    Held,
}
