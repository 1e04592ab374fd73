using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Decodes one device's advertisements as the configuration describes them. The same bytes again are a copy: most devices send each message many times.</summary>
internal sealed class DescribedDecoder(DescribedSource source, Layout layout) : IBleDecoder
{
    private readonly LayoutDecoder _decoder = new(layout);
    private readonly LastContent _last = new();

    /// <inheritdoc/>
    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        values.Clear();
        if (!source.TryFind(advertisement, out var data))
        {
            return DecodeOutcome.NotMine;
        }

        if (_last.IsRepeated(data, advertisement.HeardAt))
        {
            return DecodeOutcome.Repeated;
        }

        var outcome = _decoder.Decode(data, null, values);
        if (outcome.Status != PayloadStatus.Refused)
        {
            return new(DecodeStatus.Decoded, outcome.Reason, outcome.Remedy);
        }

        values.Clear();
        return DecodeOutcome.Refused(outcome.Reason!, outcome.Remedy);
    }
}
