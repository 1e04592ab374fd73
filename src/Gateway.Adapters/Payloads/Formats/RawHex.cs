using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>The payload as it is, in hexadecimal digits, for those who decode it further up.</summary>
public sealed class RawHex : IPayloadDecoder
{
    public const string Name = "hex";

    public PayloadOutcome Decode(ReadOnlySpan<byte> payload, int? port, DecodedValues values)
    {
        values.Add("payload", PointValue.Of(Convert.ToHexStringLower(payload)));
        return PayloadOutcome.Decoded;
    }
}
