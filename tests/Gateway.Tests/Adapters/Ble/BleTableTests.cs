using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;

namespace Gateway.Tests.Adapters.Ble;

/// <summary>The keys of BLE links, devices and points, as one writes them.</summary>
public sealed class BleTableTests
{
    [Fact]
    public void Link_WithoutKeys_IsTheFirstController_ThatListensActively_AndIgnoresStrangers()
    {
        var (link, problems) = BleMap.Link();
        Assert.Equal("", problems);
        Assert.Equal(("the first controller", BleScan.Active, false), (link.Address, link.Scan, link.FindsDevices));
    }

    [Fact]
    public void Link_AllKeys_AreRead()
    {
        var (link, problems) = BleMap.Link("controller: \"aa-bb-cc-dd-ee-ff\"\nscan: passive\nconnect-timeout: 5s\nunknown: { allow: \"A4:C1:38:*\", limit: 3 }");
        Assert.Equal("", problems);
        Assert.Equal(("AA:BB:CC:DD:EE:FF", BleScan.Passive, 5), (link.Address, link.Scan, link.ConnectTimeout.TotalSeconds));
        Assert.Equal(new UnknownOptions(true, ["A4:C1:38:*"], "ble-{address}", 3), link.Unknown);
    }

    [Theory]
    [InlineData("controller: usb0", "write hci0")]
    [InlineData("unknown: all", "ignore")]
    [InlineData("unknown: { allow: \"*\", id: \"Tag-{address}\" }", "write lower case, digits, hyphens and {address}")]
    [InlineData("unknown: { allow: \"*\", id: tag }", "does not make an id for each device")]
    public void Link_WhatCannotBe_IsToldWithWhatToWrite(string keys, string expected) => Assert.Contains(expected, BleMap.Link(keys).Problems, StringComparison.Ordinal);

    [Fact]
    public void Device_OnlyAnAddress_SaysItsPointsItself()
    {
        var device = BleMap.Good("address: \"A4:C1:38:01:02:03\"");
        Assert.True(device.FindsPoints);
        Assert.Equal(("A4:C1:38:01:02:03", BleDevice.AutoDecoder), (device.Address.ToString(), ((BleDevice)device.Address).Decoder));
    }

    [Theory]
    [InlineData("decoder: bthome", "nothing says which device it is")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\nname: Tag", "more than one key says which device it is")]
    [InlineData("address: A4C138", "is not a Bluetooth address")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\ndecoder: bthom", "write bthome")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\ndecoder: ruuvi\nkey: { env: KEY }", "ruuvi has no encryption")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\ndecoder: xiaomi", "write mibeacon")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\ndecoder: { fields: [{ id: t, type: int16 }] }", "write one of manufacturer: 0x0822 or service-data")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\ndecoder: { manufacturer: 1, service-data: fcd2, fields: [{ id: t, type: int16 }] }", "the layout describes one of them")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\ndecoder: { manufacturer: 0x10000, fields: [{ id: t, type: int16 }] }", "write 0x and four hexadecimal digits")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\ndecoder: { manufacturer: 1, starts-with: 021, fields: [{ id: t, type: int16 }] }", "is not bytes in hexadecimal digits")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\ndecoder: { manufacturer: 1 }", "a layout without fields")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\nkey: { env: KEY }\ndecoder: { manufacturer: 1, fields: [{ id: t, type: int16 }] }", "layout has no encryption")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\nkey: 231d39c1d7cc1ab1aee224cd096db932", "a secret in the clear")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: t, write: {} }]", "what a device advertises cannot be written")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: t, type: uint8 }]", "add characteristic")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: t, characteristic: \"abc\" }]", "write its four hexadecimal digits")]
    [InlineData("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: t, characteristic: \"abcd\" }]", "add type: uint16")]
    public void Device_WhatCannotBe_IsToldWithWhatToWrite(string keys, string expected) => Assert.Contains(expected, BleMap.Device(keys).Problems, StringComparison.Ordinal);

    [Theory]
    [InlineData("manufacturer: 0x0822", "temperature=21.5, battery=90", "")]
    [InlineData("manufacturer: 2082, starts-with: \"01 00\"", "temperature=21.5, battery=90", "")]
    [InlineData("manufacturer: 0x0822, starts-with: \"02\"", "notmine", "")]
    [InlineData("manufacturer: 0x0499", "notmine", "")]
    [InlineData("manufacturer: 0x0822, length: 6", "refused", "the layout is for 6")]
    public void Decoder_WrittenOut_IsALayoutOverItsPartOfTheAdvertisement(string keys, string expected, string reason)
    {
        var device = (BleDevice)BleMap.Good($"address: \"A4:C1:38:01:02:03\"\ndecoder: {{ {keys}, byte-order: little, fields: [{{ id: temperature, at: 2, type: int16, scale: 0.1 }}, {{ id: battery, type: uint8 }}] }}").Address;
        var decoder = device.Decoding.Format!.Create(null, TimeProvider.System);
        var values = new DecodedValues();
        var outcome = decoder.Decode(new(new(0xA4C138010203), 0) { Manufacturer = [new(0x0822, Convert.FromHexString("0100d7005a"))] }, values);
        Assert.Equal(expected, outcome.Status == DecodeStatus.Decoded ? Decoding.AdvertisementVectors.Write(values) : outcome.Status.ToString().ToLowerInvariant());
        Assert.Contains(outcome.Status == DecodeStatus.Refused ? reason : "", outcome.Reason ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Decoder_WrittenOut_ForServiceData_ReadsIt_AndTellsWhatIsCut()
    {
        var device = (BleDevice)BleMap.Good("address: \"A4:C1:38:01:02:03\"\ndecoder: { service-data: \"181a\", fields: [{ id: temperature, type: int16 }, { id: humidity, type: uint8 }] }").Address;
        var format = device.Decoding.Format!;
        var advertisement = new Advertisement(new(0xA4C138010203), 0) { Services = [new(BleUuid.Of(0x181A), Convert.FromHexString("0017"))] };
        var values = new DecodedValues();
        Assert.True(format.Recognises(advertisement));
        var outcome = format.Create(null, TimeProvider.System).Decode(advertisement, values);
        Assert.Equal(DecodeStatus.Decoded, outcome.Status);
        Assert.Contains("humidity takes 1 byte", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal("temperature=23", Decoding.AdvertisementVectors.Write(values));
    }

    [Fact]
    public void Points_HeardAndRead_AreToldApart()
    {
        var device = BleMap.Good("""
            address: "A4:C1:38:01:02:03"
            points:
              - { id: cellar-temperature, field: temperature }
              - { id: level, characteristic: "2a19", every: 1h }
              - { id: lamp, characteristic: "0000fff3-0000-1000-8000-00805f9b34fb", service: "fff0", type: uint8, write: {} }
              - { id: heart, characteristic: 2a37, type: uint16, at: 1, notify: true }
            """);
        Assert.Equal(
            ["as heard: temperature", "characteristic 2a19", "characteristic fff0/fff3 uint8", "characteristic 2a37 uint16"], device.Points.Select(p => p.Address.ToString()));
        Assert.Equal([false, true, true, false], device.Points.Select(p => p.Address.IsPolled));
        Assert.False(device.FindsPoints);
    }
}
