using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>A format that the configuration describes: a layout over manufacturer or service data.</summary>
/// <param name="source">Where its bytes are.</param>
/// <param name="layout">What they mean.</param>
public sealed class DescribedFormat(DescribedSource source, Layout layout) : IBleFormat, IBleDecoder
{
    private readonly LayoutDecoder _decoder = new(layout);

    public string Name => "layout";

    public string Meaning => "As the configuration describes it.";

    public IReadOnlyList<int> KeyLengths => [];

    public bool Recognises(Advertisement advertisement) => source.TryFind(advertisement, out _);

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time) => this;

    /// <inheritdoc/>
    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        values.Clear();
        if (!source.TryFind(advertisement, out var data))
        {
            return DecodeOutcome.NotMine;
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
