using Gateway.Adapters.Ble;
using Gateway.Core;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Ble;

public sealed class BleAdapterTests : IAsyncDisposable
{
    private static readonly BleAddress s_address = Address("A4:C1:38:01:02:03");
    private static readonly Guid s_battery = BleUuid.Of(0x2A19);
    private static readonly Guid s_lamp = BleUuid.Of(0xFFF3);

    // RuuviTag's documentation, RAWv2: 24.3 °C, 53.49 %, 1000.44 hPa.
    private static readonly byte[] s_ruuvi = Convert.FromHexString("0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F");

    private readonly FakeRadio _radio = new();
    private readonly RecordingSink _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private BleAdapter? _adapter;
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task Advertisement_OfAConfiguredDevice_BecomesReadings_WithItsSignal()
    {
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\""));
        await _radio.HearAsync(Ruuvi(s_address));
        Assert.Equal("24.3", (await _sink.GoodAsync("temperature")).Value.ToString());
        Assert.Equal("-60", (await _sink.GoodAsync("rssi")).Value.ToString());
        Assert.True(_sink.States.Single().State.Online);
    }

    [Fact]
    public async Task Advertisement_OfAStranger_IsNothing_UnlessAllowed()
    {
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\""));
        await _radio.HearAsync(Ruuvi(Address("A4:C1:38:FF:FF:FF")));
        await _radio.HearAsync(Ruuvi(s_address));
        await _sink.GoodAsync("temperature");
        Assert.All(_sink.Readings, r => Assert.Equal("cellar", r.Point.Device));
        Assert.Empty(_adapter!.Strangers);
    }

    [Fact]
    public async Task Stranger_Allowed_BecomesADevice_OthersAreListed_UpToTheLimit()
    {
        var link = BleMap.Link("unknown: { allow: \"A4:C1:38:*\", limit: 1 }").Link;
        Start([], link);
        await _radio.HearAsync(Ruuvi(s_address));
        await _radio.HearAsync(Ruuvi(Address("A4:C1:38:01:02:04")));
        await _radio.HearAsync(Ruuvi(Address("00:11:22:33:44:55")));
        await _radio.HearAsync(Ruuvi(s_address));
        await _sink.UntilAsync(() => _adapter!.Strangers.Count == 2);
        Assert.Equal("ble-a4-c1-38-01-02-03", _sink.Founds[0]);
        Assert.Equal(["A4:C1:38:01:02:04", "00:11:22:33:44:55"], _adapter!.Strangers.Select(s => s.Address));
        Assert.All(_adapter.Strangers, s => Assert.Equal("ruuvi", s.Decoder));
    }

    [Fact]
    public async Task Stranger_WithTheIdOfAnother_IsOnlyListed()
    {
        _sink.Taken.Add("ble-a4-c1-38-01-02-03");
        Start([], BleMap.Link("unknown: { allow: \"*\" }").Link);
        await _radio.HearAsync(Ruuvi(s_address));
        await _radio.HearAsync(Ruuvi(Address("A4:C1:38:01:02:04")));
        await _sink.UntilAsync(() => _sink.Founds.Contains("ble-a4-c1-38-01-02-04"));
        Assert.Equal(["A4:C1:38:01:02:03"], _adapter!.Strangers.Select(s => s.Address));
    }

    [Fact]
    public async Task Stranger_WithAPrivateAddress_ThatNobodyUnderstands_IsNotLetIn()
    {
        Start([], BleMap.Link("unknown: { allow: \"*\" }").Link);
        await _radio.HearAsync(new(Address("4A:C1:38:01:02:03"), 0) { IsRandom = true });
        await _radio.HearAsync(Ruuvi(s_address));
        await _sink.GoodAsync("temperature");
        Assert.DoesNotContain("ble-4a-c1-38-01-02-03", _sink.Founds);
    }

    [Fact]
    public async Task Name_TheFirstThatIsHeardIsIt_AnotherOfTheSameNameIsNot()
    {
        Start(BleMap.Good("name: \"Ruuvi*\"\npoints: [{ id: temperature }]"));
        await _radio.HearAsync(Ruuvi(s_address) with { Name = "Ruuvi 4F" });
        await _radio.HearAsync(Ruuvi(Address("A4:C1:38:01:02:04")) with { Name = "Ruuvi 50" });
        await _radio.HearAsync(Ruuvi(s_address, "0512FD5394C37C0004FFFC040CAC364200CECBB8334C884F"));
        await _sink.UntilAsync(() => _sink.Readings.Count == 2);
        Assert.Equal(["24.3", "24.305"], _sink.Readings.Select(r => r.Value.ToString()));
    }

    [Fact]
    public async Task Radio_Away_AllDevicesAreOffline_WithTheRadiosReasonAndRemedy()
    {
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\""));
        await _radio.HearAsync(Ruuvi(s_address));
        await _sink.GoodAsync("temperature");
        await _radio.ChangeAsync(new(false, "the adapter is blocked (rfkill)", "rfkill unblock bluetooth"));
        await _sink.BadAsync("temperature", "the adapter is blocked (rfkill)");
        Assert.Equal(new LinkStatus(false, "the adapter is blocked (rfkill)", "rfkill unblock bluetooth"), _adapter!.Status);
        await _radio.ChangeAsync(new(true, "listening on hci0"));
        var mark = _sink.Mark;
        await _radio.HearAsync(Ruuvi(s_address, "0512FD5394C37C0004FFFC040CAC364200CECBB8334C884F"));
        await _sink.GoodAsync("temperature", mark);
    }

    [Fact]
    public async Task Key_ThatCannotBeRead_IsTheDevicesReason_WithoutTheKey()
    {
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\"\ndecoder: bthome\nkey: { env: NO_SUCH_KEY }"));
        await _radio.HearAsync(new(s_address, 0) { Services = [new(BleUuid.Of(0xFCD2), Convert.FromHexString("41a47266c95f730011223378237214"))] });
        await _sink.StateAsync("cellar", s => s is { Online: false, Reason: "the key cannot be read: the environment variable NO_SUCH_KEY is not set" });
    }

    [Fact]
    public async Task Key_OfADeviceWithoutDecoder_IsForWhatIsEncrypted_NotForABeaconWithItsAddress()
    {
        Environment.SetEnvironmentVariable("BLE_TEST_BIND_KEY", "231d39c1d7cc1ab1aee224cd096db932");
        var sensor = Address("54:48:E6:8F:80:A5");
        Start(BleMap.Good("address: \"54:48:E6:8F:80:A5\"\nkey: { env: BLE_TEST_BIND_KEY }"));
        await _radio.HearAsync(Ruuvi(sensor));
        await _radio.HearAsync(new(sensor, 0) { Services = [new(BleUuid.Of(0xFCD2), Convert.FromHexString("41a47266c95f730011223378237214"))] });
        Assert.Equal("25.06", (await _sink.GoodAsync("temperature")).Value.ToString());
    }

    [Fact]
    public async Task Characteristic_IsRead_AndTheConnectionLetGo()
    {
        var peripheral = _radio.Peripherals[s_address] = new();
        peripheral.Values[s_battery] = [97];
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: level, characteristic: 2a19, every: 1h }]"));
        await _radio.HearAsync(new(s_address, 0));
        var level = await _sink.GoodAsync("level");
        Assert.Equal(("97", "%"), (level.Value.ToString(), level.Point.Unit));
        await _sink.StateAsync("cellar", s => s.Online);
        Assert.Equal((1, null), (peripheral.Connections, _radio.Pairings.Single()));
    }

    [Fact]
    public async Task Characteristic_WithoutTheDevice_IsBadWithTheReason()
    {
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: level, characteristic: 2a19, every: 1h }]"));
        await _radio.HearAsync(new(s_address, 0));
        await _sink.BadAsync("level", "does not answer");
    }

    [Fact]
    public async Task Characteristic_Notified_StaysConnected_AndConnectsAgainAfterADisconnect()
    {
        var peripheral = _radio.Peripherals[s_address] = new();
        peripheral.Values[s_battery] = [97];
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: level, characteristic: 2a19, notify: true }]"));
        await _radio.HearAsync(new(s_address, 0));
        await _sink.GoodAsync("level");
        await _sink.UntilAsync(() => peripheral.IsSubscribed(s_battery));
        peripheral.Notify(s_battery, 96);
        await _sink.ReadingAsync("level", r => r.Value == PointValue.Of(96m));
        peripheral.Disconnect();
        await _sink.BadAsync("level", "disconnected");
    }

    [Fact]
    public async Task Write_IsReadBack_ScaledBothWays()
    {
        var peripheral = _radio.Peripherals[s_address] = new();
        peripheral.Values[s_lamp] = [0, 0];
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: lamp, characteristic: fff3, type: uint16, scale: 0.1, every: 1h, write: {} }]"));
        await _radio.HearAsync(new(s_address, 0));
        await _sink.GoodAsync("lamp");
        var result = await WriteAsync(PointValue.Of(21.5m));
        Assert.Equal((true, null, "21.5"), (result.Ok, result.Reason, result.ReadBack?.ToString()));
        Assert.Equal([215, 0], peripheral.Values[s_lamp]);
    }

    [Fact]
    public async Task Write_WhatCanOnlyBeWritten_IsOkWithoutReadBack_WhatDoesNotFitIsRefused()
    {
        var peripheral = _radio.Peripherals[s_address] = new();
        peripheral.WriteOnly.Add(s_lamp);
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\"\npoints: [{ id: lamp, characteristic: fff3, type: uint8, every: 1h, write: {} }]"));
        await _radio.HearAsync(new(s_address, 0));
        Assert.Equal(new WriteResult(true, null, null), await WriteAsync(PointValue.Of(7m)));
        Assert.Equal([7], peripheral.Values[s_lamp]);
        Assert.False((await WriteAsync(PointValue.Of(256m))).Ok);
        Assert.Equal([7], peripheral.Values[s_lamp]);
    }

    [Fact]
    public async Task Pairing_ThePasskeyGoesWithTheConnection()
    {
        Environment.SetEnvironmentVariable("BLE_TEST_PASSKEY", "012345");
        _radio.Peripherals[s_address] = new() { Values = { [s_battery] = [1] } };
        Start(BleMap.Good("address: \"A4:C1:38:01:02:03\"\npairing: { passkey: { env: BLE_TEST_PASSKEY } }\npoints: [{ id: level, characteristic: 2a19, every: 1h }]"));
        await _radio.HearAsync(new(s_address, 0));
        await _sink.GoodAsync("level");
        Assert.Equal(new PairingCode(12345), _radio.Pairings.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _adapter!.DisposeAsync();
        _stop.Dispose();
    }

    private ValueTask<WriteResult> WriteAsync(PointValue value) => _adapter!.WriteAsync(_points["lamp"], value, default);

    private readonly Dictionary<string, PointOptions> _points = [];

    [Fact]
    public async Task Key_WhatIsHeardWithinASecond_ComesInItsOrder_OnceItsCounterIsOnTheDisk_AndNotAgainAfterAPowerCut()
    {
        const string key = "231d39c1d7cc1ab1aee224cd096db932";
        Environment.SetEnvironmentVariable("BLE_TEST_BIND_KEY", key);
        using var box = new KeptBox();
        var device = BleMap.Good("address: \"54:48:E6:8F:80:A5\"\nkey: { env: BLE_TEST_BIND_KEY }");
        Start([device], BleMap.Link().Link, box.Context);
        await _radio.HearAsync(Sealed(7, 70));
        await _sink.GoodAsync("battery");
        await _radio.HearAsync(Sealed(8, 71));
        await _radio.HearAsync(Sealed(8, 71));
        await _radio.HearAsync(Sealed(9, 72));

        // As a forger would: its format is known, its key is not.
        await _radio.HearAsync(new(Address("54:48:E6:8F:80:A5"), 0) { Services = [new(BleUuid.Of(0xFCD2), Convert.FromHexString("400163"))] });
        Assert.Equal(["70"], Batteries());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Batteries().Count < 3)
        {
            // Nothing tells that the adapter has taken what was heard: it may be before or after a second has passed.
            box.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, patience.Token);
        }

        Assert.Equal(["70", "71", "72"], Batteries());
        await _stop.CancelAsync();
        await _running;

        var radio = new FakeRadio();
        var again = new BleAdapter(radio, BleMap.Link().Link, [device], new("radio"), box.CutPower(new(1)));
        using var stop = new CancellationTokenSource();
        var running = again.RunAsync(_sink, stop.Token);

        // Nor does a forger decide of which format it is.
        await radio.HearAsync(new(Address("54:48:E6:8F:80:A5"), 0) { Services = [new(BleUuid.Of(0x181A), new byte[11])] });
        await radio.HearAsync(new(Address("54:48:E6:8F:80:A5"), 0) { Services = [new(BleUuid.Of(0xFCD2), Convert.FromHexString("400163"))] });
        await radio.HearAsync(Sealed(8, 71));
        await radio.HearAsync(Sealed(10, 73));
        await _sink.UntilAsync(() => Batteries().Contains("73"));
        Assert.Equal(["70", "71", "72", "73"], Batteries());
        await stop.CancelAsync();
        await running;
        await again.DisposeAsync();

        static Advertisement Sealed(uint counter, int battery) =>
            new(Address("54:48:E6:8F:80:A5"), 0) { Services = [new(BleUuid.Of(0xFCD2), Convert.FromHexString(Decoding.SealedMessage.BtHome(key, "54:48:E6:8F:80:A5", counter, $"01{battery:x2}")))] };

        List<string> Batteries() => [.. _sink.Readings.Where(r => r.Point.Id == "battery" && r.Value.ToString() is { Length: > 0 }).Select(r => r.Value.ToString()!)];
    }

    private void Start(params DeviceOptions[] devices) => Start(devices, BleMap.Link().Link);

    private void Start(IReadOnlyList<DeviceOptions> devices, BleOptions link, AdapterContext? context = null)
    {
        foreach (var point in devices.SelectMany(d => d.Points))
        {
            _points[point.Id] = point;
        }

        _adapter = new(_radio, link, devices, new(link.Id), context ?? new(TimeProvider.System, NullLoggerFactory.Instance));
        _running = _adapter.RunAsync(_sink, _stop.Token);
    }

    private static BleAddress Address(string text) => BleAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    private static Advertisement Ruuvi(BleAddress address, string? hex = null) =>
        new(address, 0) { Rssi = -60, Manufacturer = [new(0x0499, hex is null ? s_ruuvi : Convert.FromHexString(hex))] };
}
