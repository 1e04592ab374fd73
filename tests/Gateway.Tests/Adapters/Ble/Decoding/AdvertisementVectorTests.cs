using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>What public test sets and documents say, our decoders say too; and nobody else claims it.</summary>
public sealed class AdvertisementVectorTests
{
    [Fact]
    public void EveryVector_IsDecodedAsPublished()
    {
        var wrong = new List<string>();
        foreach (var vector in AdvertisementVectors.All)
        {
            foreach (var format in BleFormats.All.Where(f => f.Name == vector.Format || vector.Format == "none"))
            {
                var values = new DecodedValues();
                var outcome = format.Create(vector.Key, new FakeTime()).Decode(vector.Advertisement(), values);
                var said = outcome.Status == DecodeStatus.Decoded ? AdvertisementVectors.Write(values) : outcome.Status.ToString().ToLowerInvariant();
                if (said != vector.Expected)
                {
                    wrong.Add($"{vector}: {said} ({outcome.Reason}) instead of {vector.Expected}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(AdvertisementVectors.All.Count >= 270, $"only {AdvertisementVectors.All.Count} vectors");
    }

    [Fact]
    public void EveryVector_IsRecognisedByItsFormatAlone()
    {
        var wrong = new List<string>();
        foreach (var vector in AdvertisementVectors.All)
        {
            var by = string.Join(' ', BleFormats.All.Where(f => f.Recognises(vector.Advertisement())).Select(static f => f.Name));
            if (by != (vector.Format == "none" ? "" : vector.Format))
            {
                wrong.Add($"{vector}: recognised by '{by}'");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void EveryFormat_HasVectors()
    {
        Assert.All(BleFormats.All, static format => Assert.Contains(AdvertisementVectors.All, v => v.Format == format.Name));
        Assert.Equal(BleFormats.All.Count, BleFormats.All.Select(static f => f.Name).Distinct().Count());
    }
}
