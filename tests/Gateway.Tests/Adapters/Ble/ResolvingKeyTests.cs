using Gateway.Adapters.Ble;

namespace Gateway.Tests.Adapters.Ble;

/// <summary>Private addresses and their keys.</summary>
public sealed class ResolvingKeyTests
{
    // Core 5.4 Vol 3 Part H Appendix D.7: IRK, prand, ah.
    private const string Key = "ec0234a357c8ad05341010a60a397d9b";
    private const uint Prand = 0x708194;
    private const uint Hash = 0x0DFBAA;

    [Fact]
    public void Ah_OfTheSpecificationsSample_IsItsResult()
    {
        Assert.True(ResolvingKey.TryParse(Key, out var key));
        Assert.Equal(Hash, key.Hash(Prand));
        Assert.True(key.Matches(new(((ulong)Prand << 24) | Hash)));
        Assert.False(key.Matches(new(((ulong)Prand << 24) | (Hash ^ 1))));
    }

    [Fact]
    public void Make_GivesAddressesOfTheKeyAndOfNoOther()
    {
        Assert.True(ResolvingKey.TryParse(Key, out var key));
        Assert.True(ResolvingKey.TryParse("00112233445566778899aabbccddeeff", out var other));
        for (var i = 0u; i < 200; i++)
        {
            var address = key.Make(i * 0x12345);
            Assert.True(ResolvingKey.IsResolvable(address));
            Assert.True(key.Matches(address));
            Assert.False(other.Matches(address));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("ec0234a357c8ad05341010a60a397d9")]
    [InlineData("zz0234a357c8ad05341010a60a397d9b")]
    public void TryParse_OfAnythingElse_SaysNo(string? text) => Assert.False(ResolvingKey.TryParse(text, out _));

    [Fact]
    public void Resolver_FindsFixedAndChangingAddresses()
    {
        Assert.True(ResolvingKey.TryParse(Key, out var key));
        var resolver = new AddressResolver<string>();
        resolver.Add(new BleAddress(0xA4C1388D18B2), "thermometer");
        resolver.Add(key, "phone");

        Assert.True(resolver.TryFind(new(0xA4C1388D18B2), false, out var device));
        Assert.Equal("thermometer", device);
        Assert.True(resolver.TryFind(key.Make(1), true, out device));
        Assert.Equal("phone", device);
        Assert.True(resolver.TryFind(key.Make(1), true, out device));
        Assert.False(resolver.TryFind(key.Make(1), false, out device));
        Assert.Null(device);
        Assert.False(resolver.TryFind(new(0xC0FFEE000001), true, out _));
    }

    [Fact]
    public void Resolver_RemembersABoundedNumberOfStrangers()
    {
        Assert.True(ResolvingKey.TryParse(Key, out var key));
        var resolver = new AddressResolver<string>();
        resolver.Add(key, "phone");
        for (var i = 0; i < 3 * AddressResolver<string>.Most; i++)
        {
            resolver.TryFind(new(0x4000_0000_0000UL + (ulong)i), true, out _);
            Assert.InRange(resolver.Remembered, 1, AddressResolver<string>.Most);
        }

        Assert.True(resolver.TryFind(key.Make(7), true, out _));
    }
}
