namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Why an advertisement is not believed, in the same words for every format, and what to do about it.</summary>
internal static class Refusals
{
    public static readonly DecodeOutcome NoKey = DecodeOutcome.Refused(
        "encrypted, and no key is configured",
        "set `key` to the key of the sensor; the app or the tool that set it up shows it");

    /// <summary>The tag over the message is wrong: another key, another sender, or bytes that somebody changed.</summary>
    public static readonly DecodeOutcome WrongKey = DecodeOutcome.Refused(
        "the key does not fit",
        "compare `key` and `address` with those of the sensor; one that was paired or set up again has a new key");

    public static readonly DecodeOutcome InTheClear = DecodeOutcome.Refused(
        "sent in the clear, though a key is configured",
        "turn encryption on in the sensor, or remove `key` if it never encrypts; if it does encrypt, somebody imitates it");

    public static readonly DecodeOutcome TooShort = DecodeOutcome.Refused("cut short");
}
