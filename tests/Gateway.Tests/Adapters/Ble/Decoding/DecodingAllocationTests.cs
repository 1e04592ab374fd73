using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>What is heard leaves no garbage behind, as long as it says numbers: a radio hears a thousand advertisements a second at a fair.</summary>
public sealed class DecodingAllocationTests
{
    private const int Rounds = 200;
    private const int Stretches = 5;
    private const int Messages = 50;

    // AesCcm of .NET opens a context of OpenSSL for each message.
    private const int HandleOfCipher = 32;
    private const string Key = "231d39c1d7cc1ab1aee224cd096db932";
    private const string Address = "54:48:E6:8F:80:A5";

    public static TheoryData<string> Formats => [.. BleFormats.All.Select(static f => f.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_InTheClear_AllocatesNothing(string format)
    {
        // Text is a new string each time, and so is what a bad value says about itself.
        var heard = AdvertisementVectors.All.Where(v => v.Format == format && v.Key is null && v.Expected is not "refused" && v.Expected.IndexOfAny(['"', '!']) < 0)
            .Select(static v => v.Advertisement()).ToArray();
        if (heard.Length == 0)
        {
            Assert.True(format is "ibeacon", $"no advertisement of {format} says numbers only");
            return;
        }

        Assert.Equal(0, Allocated(format, null, Rounds, [heard]));
    }

    [Fact]
    public void Decode_EncryptedBtHome_AllocatesWhatTheCipherDoes() =>
        Assert.InRange(Allocated("bthome", Key, 1, Counted(0xFCD2, static counter => SealedMessage.BtHome(Key, Address, counter, "02c40903bf13"))), 0, Messages * HandleOfCipher);

    [Fact]
    public void Decode_EncryptedMiBeacon_AllocatesWhatTheCipherDoes() =>
        Assert.InRange(Allocated("mibeacon", Key, 1, Counted(0xFE95, static counter => SealedMessage.MiBeacon(Key, Address, 0x055B, counter, "0410020701"))), 0, Messages * HandleOfCipher);

    /// <returns>Bytes in the stretch that left least: a test beside this one may make shared things for the first time.</returns>
    private static long Allocated(string format, string? key, int rounds, Advertisement[][] stretches)
    {
        var decoder = BleFormats.Find(format)!.Create(key is null ? default(ReadOnlyMemory<byte>?) : Convert.FromHexString(key), new FakeTime());
        var values = new DecodedValues();
        var (least, decoded) = (long.MaxValue, 0);
        for (var stretch = 0; stretch <= Stretches; stretch++)
        {
            var heard = stretches[stretch % stretches.Length];
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < rounds; round++)
            {
                foreach (var advertisement in heard)
                {
                    decoded += decoder.Decode(advertisement, values).Status == DecodeStatus.Decoded ? 1 : 0;
                }
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(decoded > Stretches, "nothing was decoded");
        return least;
    }

    /// <summary>Made ahead, so that each is newer than the one before.</summary>
    private static Advertisement[][] Counted(ushort service, Func<uint, string> seal)
    {
        Assert.True(BleAddress.TryParse(Address, out var address));
        return [.. Enumerable.Range(0, Stretches + 1).Select(stretch => Enumerable.Range(1, Messages).Select(i =>
            new Advertisement(address, 0) { Services = [new(BleUuid.Of(service), Convert.FromHexString(seal((uint)((stretch * Messages) + i))))] }).ToArray())];
    }
}
