namespace Gateway.Adapters.Payloads;

/// <summary>Understands the bytes of a payload: pure, and usable from one caller at a time. Never throws for what was heard.</summary>
public interface IPayloadDecoder
{
    /// <summary>Decodes one payload.</summary>
    /// <param name="payload">As it was heard, without what the radio wrapped around it.</param>
    /// <param name="port">The number beside the payload that tells kinds of messages apart (LoRaWAN's FPort, the port of our own frame); null: there is none.</param>
    /// <param name="values">Receives the values, in the payload's order; what is in it stays. Of a payload that ends too early: all that was complete.</param>
    PayloadOutcome Decode(ReadOnlySpan<byte> payload, int? port, DecodedValues values);
}
