using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>A format that the configuration describes: a layout over manufacturer or service data.</summary>
/// <param name="Source">Where its bytes are.</param>
/// <param name="Layout">What they mean.</param>
public sealed record DescribedFormat(DescribedSource Source, Layout Layout) : IBleFormat
{
    public string Name => "layout";

    public string Meaning => "As the configuration describes it.";

    public IReadOnlyList<int> KeyLengths => [];

    public bool Recognises(Advertisement advertisement) => Source.TryFind(advertisement, out _);

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => new DescribedDecoder(Source, Layout);
}
