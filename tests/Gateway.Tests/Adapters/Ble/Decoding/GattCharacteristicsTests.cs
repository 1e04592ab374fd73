using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>Values of standard characteristics, as the GATT Specification Supplement writes them.</summary>
public sealed class GattCharacteristicsTests
{
    [Theory]
    [InlineData(0x2A6E, "ca09", "temperature=25.06")]
    [InlineData(0x2A6E, "18fc", "temperature=-10")]
    [InlineData(0x2A6E, "0080", "temperature=!")]
    [InlineData(0x2A6F, "bf13", "humidity=50.55")]
    [InlineData(0x2A6F, "ffff", "humidity=!")]
    [InlineData(0x2A6F, "1127", "humidity=!")]
    [InlineData(0x2A6D, "e2760f00", "pressure=1013.474")]
    [InlineData(0x2A6C, "9cffff", "elevation=-1")]
    [InlineData(0x2A77, "2c01", "irradiance=30")]
    [InlineData(0x2A76, "05", "uv-index=5")]
    [InlineData(0x2A7B, "fe", "dew-point=-2")]
    [InlineData(0x2AFB, "102700", "illuminance=100")]
    [InlineData(0x2B8C, "e204", "co2=1250")]
    [InlineData(0x2B8C, "ffff", "co2=!")]
    [InlineData(0x2A19, "64", "battery=100")]
    [InlineData(0x2A19, "65", "battery=!")]
    [InlineData(0x2A37, "0048", "heart-rate=72")]
    [InlineData(0x2A37, "014801", "heart-rate=328")]
    [InlineData(0x2A37, "0648", "heart-rate=72, contact=true")]
    [InlineData(0x2A37, "0448", "heart-rate=72, contact=false")]
    [InlineData(0x2A37, "1d4800e80300040002", "heart-rate=72, contact=false, energy-expended=1000, rr-interval=1000, rr-interval-2=500")]
    [InlineData(0x2A38, "01", "body-sensor-location=\"chest\"")]
    [InlineData(0x2A38, "09", "body-sensor-location=!")]
    [InlineData(0x2A29, "4e6f72646963", "manufacturer=\"Nordic\"")]
    [InlineData(0x2A26, "312e322e330000", "firmware-revision=\"1.2.3\"")]
    [InlineData(0x2A24, "ff", "model=!")]
    public void KnownCharacteristics_AreRead(int uuid, string hex, string expected)
    {
        var values = new DecodedValues();
        Assert.Equal(DecodeStatus.Decoded, GattCharacteristics.Decode(BleUuid.Of((ushort)uuid), Convert.FromHexString(hex), values).Status);
        Assert.Equal(expected, AdvertisementVectors.Write(values));
    }

    [Theory]
    [InlineData(0x2A6E, "ca")]
    [InlineData(0x2A6D, "e2760f")]
    [InlineData(0x2A19, "")]
    [InlineData(0x2A37, "00")]
    [InlineData(0x2A37, "0148")]
    [InlineData(0x2A37, "084801")]
    public void ShortValues_AreRefused(int uuid, string hex)
    {
        var values = new DecodedValues();
        Assert.Equal(DecodeStatus.Refused, GattCharacteristics.Decode(BleUuid.Of((ushort)uuid), Convert.FromHexString(hex), values).Status);
        Assert.Equal(0, values.Count);
    }

    [Fact]
    public void AnotherCharacteristic_IsNotMine() => Assert.Equal(DecodeStatus.NotMine, GattCharacteristics.Decode(Guid.NewGuid(), [1, 2, 3], new()).Status);

    [Fact]
    public void EveryCharacteristic_IsListedOnceAndTakesAnyBytes()
    {
        Assert.Equal(GattCharacteristics.All.Count, GattCharacteristics.All.Select(static c => c.Uuid).Distinct().Count());
        var values = new DecodedValues();
        for (var length = 0; length < 40; length++)
        {
            var bytes = new byte[length];
            Random.Shared.NextBytes(bytes);
            foreach (var characteristic in GattCharacteristics.All)
            {
                GattCharacteristics.Decode(characteristic.Uuid, bytes, values);
            }
        }
    }
}
