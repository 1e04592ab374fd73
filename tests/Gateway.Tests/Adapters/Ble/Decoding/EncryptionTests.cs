using Gateway.Adapters.Ble.Decoding;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>Who has a key believes nothing without it; who has none or the wrong one is told so, and what to do.</summary>
public sealed class EncryptionTests
{
    private const string Key = "231d39c1d7cc1ab1aee224cd096db932";
    private const string Other = "814aac74c4f17b6c1581e1ab87816b99";
    private const string Address = "54:48:E6:8F:80:A5";

    public static TheoryData<string, ushort, string, string> Formats => new()
    {
        { "bthome", 0xFCD2, SealedMessage.BtHome(Key, Address, 7, "015a"), "40015a" },
        { "mibeacon", 0xFE95, SealedMessage.MiBeacon(Key, Address, 0x055B, 7, "0a10015a"), "40505b05070a10015a" },
        { "atc", 0x181A, SealedMessage.Pvvx(Key, Address, 7, "2909cd103d0d"), "a5808fe64854a9066911b60b58f70d" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Encrypted_WithItsKey_IsDecoded(string format, ushort service, string encrypted, string plain)
    {
        Assert.Contains("battery=", new DecoderHarness(format, Key).Hear(service, encrypted));
        Assert.Contains("battery=", new DecoderHarness(format).Hear(service, plain));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Encrypted_WithoutKeyOrWithAnother_IsRefusedWithARemedy(string format, ushort service, string encrypted, string plain)
    {
        var none = new DecoderHarness(format);
        Assert.Equal("refused", none.Hear(service, encrypted));
        Assert.Equal("encrypted, and no key is configured", none.Last.Reason);
        Assert.Contains("`key`", none.Last.Remedy);

        var other = new DecoderHarness(format, Other);
        Assert.Equal("refused", other.Hear(service, encrypted));
        Assert.Equal("the key does not fit", other.Last.Reason);
        Assert.Contains("`key`", other.Last.Remedy);
        Assert.Equal("refused", other.Hear(service, plain));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void InTheClear_ThoughAKeyIsConfigured_IsRefused_AndEncryptedOnesGoOn(string format, ushort service, string encrypted, string plain)
    {
        var box = new DecoderHarness(format, Key);
        Assert.Equal("refused", box.Hear(service, plain));
        Assert.Equal("sent in the clear, though a key is configured", box.Last.Reason);
        Assert.NotNull(box.Last.Remedy);
        Assert.Equal(0, box.Values.Count);
        Assert.Contains("battery=", box.Hear(service, encrypted));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void OneBitChanged_IsRefused(string format, ushort service, string encrypted, string plain)
    {
        var bytes = Convert.FromHexString(encrypted);

        // The frame control of a MiBeacon is not under its tag.
        for (var bit = format == "mibeacon" ? 16 : 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var box = new DecoderHarness(format, Key);
            var said = box.Hear(service, Convert.ToHexStringLower(bytes));
            Assert.True(said is "refused" or "notmine", $"{plain}: bit {bit}: {said}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void MiBeacon_WithTheKeyOfAnotherVersion_SaysWhichItNeeds()
    {
        var box = new DecoderHarness("mibeacon", "b853075158487ca39a5b5ea9");
        Assert.Equal("refused", box.Hear(0xFE95, SealedMessage.MiBeacon(Key, Address, 0x055B, 7, "0a10015a")));
        Assert.Contains("32 hexadecimal digits", box.Last.Remedy);

        var legacy = new DecoderHarness("mibeacon", Key, "F8:24:41:C5:98:8B");
        Assert.Equal("refused", legacy.Hear(0xFE95, "5830b603d28b98c54124f8c3491476757e00000099"));
        Assert.Contains("24 hexadecimal digits", legacy.Last.Remedy);
    }

    [Fact]
    public void KeyLengths_AreThoseThatCreateTakes() => Assert.All(BleFormats.All, static format => Assert.All(format.KeyLengths, length => Assert.NotNull(format.Create(new byte[length], TimeProvider.System))));
}
