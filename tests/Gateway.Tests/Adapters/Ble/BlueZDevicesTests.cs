using Gateway.Adapters.Ble;
using Gateway.Adapters.Dbus;

namespace Gateway.Tests.Adapters.Ble;

public class BlueZDevicesTests
{
    private const string Adapter = "/org/bluez/hci0";
    private const string Tag = Adapter + "/dev_A4_C1_38_00_00_01";

    private readonly BlueZDevices _devices = new(Adapter);

    [Fact]
    public void Take_WhatChangesWithoutBeingHeard_IsNoAdvertisement()
    {
        Assert.Null(_devices.Take(Tag, DbusValue.Properties(("Connected", DbusValue.Boolean(true))), 1));
        Assert.Null(_devices.Take(Tag, DbusValue.Properties(("ServicesResolved", DbusValue.Boolean(true)), ("UUIDs", Uuids("180f"))), 2));
        Assert.Null(_devices.Take(Tag, DbusValue.Properties(("Name", DbusValue.String("Lock"))), 3));
        var heard = _devices.Take(Tag, DbusValue.Properties(("RSSI", DbusValue.Int16(-70))), 4)!;
        Assert.Equal(("A4:C1:38:00:00:01", 4L, (short)-70, "Lock"), (heard.Address.ToString(), heard.HeardAt, heard.Rssi!.Value, heard.Name));
        Assert.Equal([BleUuid.Of(0x180F)], heard.ServiceUuids);
        Assert.Empty(heard.Services);
    }

    [Fact]
    public void Take_AllDataNamedAgain_PassesOnWhatIsNewOrAllOfItIfNothingIs()
    {
        Assert.Equal("fcd2=40", Text(_devices.Take(Tag, Services(("fcd2", 0x40)), 1)));
        Assert.Equal("181a=01", Text(_devices.Take(Tag, Services(("fcd2", 0x40), ("181a", 0x01)), 2)));
        Assert.Equal("fcd2=41", Text(_devices.Take(Tag, Services(("fcd2", 0x41), ("181a", 0x01)), 3)));
        Assert.Equal("fcd2=41 181a=01", Text(_devices.Take(Tag, Services(("fcd2", 0x41), ("181a", 0x01)), 4)));
    }

    [Fact]
    public void Take_ScanEnded_SignalIsNotKnownAnyMore()
    {
        _devices.Take(Tag, DbusValue.Properties(("RSSI", DbusValue.Int16(-70))), 1);
        _devices.Lose(Tag);
        Assert.Null(_devices.Take(Tag, Services(("fcd2", 0x40)), 2)!.Rssi);
    }

    [Fact]
    public void Take_KnownFromBefore_IsHeardOnlyNow()
    {
        _devices.Know(Tag, DbusValue.Properties(("Address", DbusValue.String("A4:C1:38:00:00:01")), ("AddressType", DbusValue.String("random")), ("RSSI", DbusValue.Int16(-40))), 1);
        var heard = _devices.Take(Tag, Services(("fcd2", 0x40)), 2)!;
        Assert.True(heard.IsRandom);
        Assert.Null(heard.Rssi);
    }

    [Theory]
    [InlineData("/org/bluez/hci1/dev_A4_C1_38_00_00_01")]
    [InlineData("/org/bluez/hci0")]
    [InlineData("/org/bluez/hci0/dev_A4_C1_38_00_00_01/service0001")]
    [InlineData("/org/bluez/hci0/dev_what")]
    public void Take_OfSomethingElse_IsNothing(string path)
    {
        Assert.Null(_devices.Take(path, DbusValue.Properties(("RSSI", DbusValue.Int16(-70))), 1));
        Assert.Equal(0, _devices.Count);
    }

    [Fact]
    public void Take_StrangeTypes_AreIgnored()
    {
        var odd = DbusValue.Properties(
            ("RSSI", DbusValue.String("loud")), ("Name", DbusValue.Int16(7)), ("ManufacturerData", DbusValue.Array("s", DbusValue.String("x"))), ("UUIDs", DbusValue.Boolean(true)));
        var heard = _devices.Take(Tag, odd, 1);
        Assert.Empty(heard!.Manufacturer);
        Assert.Null(heard.Rssi);
    }

    [Fact]
    public void Strangers_AreThoseHeardLongestAgoThatAreNobodys()
    {
        for (var i = 0; i < BlueZDevices.Most + 10; i++)
        {
            _devices.Take($"{Adapter}/dev_A4_C1_38_00_{i >> 8:X2}_{i & 0xFF:X2}", DbusValue.Properties(("RSSI", DbusValue.Int16(-70)), ("Paired", DbusValue.Boolean(i == 20))), i);
        }

        Assert.Equal(BlueZDevices.Most, _devices.Count);
        Assert.Equal([Path(10), Path(11), Path(12)], _devices.Strangers(3));
        Assert.DoesNotContain(Path(20), _devices.Strangers(20));
        _devices.Remove(Path(10));
        Assert.Equal([Path(11)], _devices.Strangers(1));

        static string Path(int i) => $"{Adapter}/dev_A4_C1_38_00_{i >> 8:X2}_{i & 0xFF:X2}";
    }

    private static string Text(Advertisement? heard) => string.Join(' ', heard!.Services.Select(s => $"{BleUuid.Write(s.Service)}={Convert.ToHexString(s.Data.Span)}"));

    private static DbusValue Services(params (string Uuid, byte Data)[] services) => DbusValue.Properties(("ServiceData", DbusValue.Array(
        "{sv}", [.. services.Select(s => DbusValue.Entry(DbusValue.String($"0000{s.Uuid}-0000-1000-8000-00805f9b34fb"), DbusValue.Variant(DbusValue.Bytes(new[] { s.Data }))))])));

    private static DbusValue Uuids(string uuid) => DbusValue.Array("s", DbusValue.String($"0000{uuid}-0000-1000-8000-00805f9b34fb"));
}
