using Gateway.Adapters.Ble;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>The radio by way of BlueZ, on a private bus with a mock of it.</summary>
public class BlueZControllerTests
{
    private const string Tag = "A4:C1:38:00:00:01";
    private static readonly Guid s_bthome = BleUuid.Of(0xFCD2);

    [Fact]
    public async Task Hear_FirstAndLaterAdvertisements_AreWhatWasSent()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var radio = await OpenAsync(bus);

        await bluez.AdvertiseAsync(Tag, "4002c409", -61);
        var first = await HearAsync(radio);
        Assert.Equal((Tag, (short)-61, false), (first.Address.ToString(), first.Rssi!.Value, first.IsRandom));
        Assert.Equal("4002C409", Data(first));

        // Twice the same: heard twice.
        await bluez.AdvertiseAsync(Tag, "4002c509", -70);
        await bluez.AdvertiseAsync(Tag, "4002c509", -70);
        Assert.Equal("4002C509", Data(await HearAsync(radio)));
        var third = await HearAsync(radio);
        Assert.Equal(("4002C509", (short)-70), (Data(third), third.Rssi!.Value));

        var filter = (await bluez.StateAsync())["filters"]!.AsArray().Single()!;
        Assert.Equal(("le", true), (filter["Transport"]!.GetValue<string>(), filter["DuplicateData"]!.GetValue<bool>()));
        Assert.True(bluez.Calls.ToList().IndexOf("SetDiscoveryFilter") < bluez.Calls.ToList().IndexOf("StartDiscovery"));
    }

    [Fact]
    public async Task Hear_DataOfAnotherKind_IsPassedOnAlone()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var radio = await OpenAsync(bus);

        await bluez.DoAsync(new { @do = "advertise", address = Tag, type = "random", name = "ATC", service = new Dictionary<string, string> { ["181a"] = "01" }, manufacturer = new Dictionary<string, string> { ["0499"] = "05ff" } });
        var first = await HearAsync(radio);
        Assert.True(first.IsRandom);
        Assert.Equal("ATC", first.Name);
        Assert.Equal((0x0499, "05FF"), (first.Manufacturer.Single().Company, Convert.ToHexString(first.Manufacturer.Single().Data.Span)));

        await bluez.AdvertiseAsync(Tag, "40");
        var second = await HearAsync(radio);
        Assert.Equal([s_bthome], second.Services.Select(s => s.Service));
        Assert.Empty(second.Manufacturer);
        Assert.Equal("ATC", second.Name);
    }

    [Theory]
    [InlineData("SetDiscoveryFilter", "NotReady", "the adapter is not ready (choose what to scan for)")]
    [InlineData("StartDiscovery", "InProgress", "the adapter is busy (start the scan)")]
    [InlineData("StartDiscovery", "NotAuthorized", "bluetoothd does not authorise us to start the scan")]
    [InlineData("StartDiscovery", "NotPermitted", "bluetoothd does not permit us to start the scan: no")]
    [InlineData("StartDiscovery", "Failed", "could not start the scan: no (org.bluez.Error.Failed)")]
    public async Task Open_RefusedByBlueZ_IsAFaultWithARemedy_AndTheNextOneWorks(string call, string error, string reason)
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await bluez.DoAsync(new { @do = "fail", call, error, text = "no" });
        await using var radio = Radio(bus);
        var fault = await radio.OpenAsync(default);
        Assert.Equal(reason, fault!.Reason);
        Assert.NotEmpty(fault.Remedy);
        Assert.False(radio.IsOpen);
        Assert.Null(await radio.OpenAsync(default));
    }

    [Fact]
    public async Task Open_NothingThere_EachHasItsRemedy()
    {
        await using (var nowhere = new BlueZController(new() { Bus = "unix:path=/nowhere/bus" }, TimeProvider.System))
        {
            Assert.StartsWith("there is no system bus", (await nowhere.OpenAsync(default))!.Reason, StringComparison.Ordinal);
        }

        await using var bus = await PrivateBus.StartAsync();
        await using var radio = Radio(bus, controller: "hci1");
        Assert.Equal(BlueZFaults.NoDaemon, await radio.OpenAsync(default));
        await using var bluez = await BluezMock.StartAsync(bus, adapter: false);
        Assert.Equal("there is no Bluetooth adapter", (await radio.OpenAsync(default))!.Reason);
        await bluez.DoAsync(new { @do = "adapter" });
        var fault = await radio.OpenAsync(default);
        Assert.Equal("there is no Bluetooth adapter hci1", fault!.Reason);
        Assert.Contains("hci0 (00:1A:7D:DA:71:13)", fault.Remedy, StringComparison.Ordinal);
        await bluez.DoAsync(new { @do = "adapter", name = "hci1", address = "00:1A:7D:00:00:02" });
        Assert.Null(await radio.OpenAsync(default));
        Assert.Equal("hci1 (00:1A:7D:00:00:02)", radio.Name);
    }

    [Fact]
    public async Task Open_Forbidden_NamesTheGroup()
    {
        await using var bus = await PrivateBus.StartAsync("""<deny send_destination="org.bluez"/>""");
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var radio = Radio(bus);
        var fault = await radio.OpenAsync(default);
        Assert.Equal("no permission to use Bluetooth", fault!.Reason);
        Assert.Contains("usermod -aG bluetooth", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ByAddressAndSwitchedOff_SwitchesItOn()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await bluez.DoAsync(new { @do = "adapter", name = "hci1", address = "00:1A:7D:00:00:02", powered = false });
        await using var radio = await OpenAsync(bus, "00:1a:7d:00:00:02");
        Assert.True((await bluez.StateAsync("hci1"))["discovering"]!.GetValue<bool>());
        Assert.False((await bluez.StateAsync("hci0"))["discovering"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Open_Blocked_SaysRfkill()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await bluez.DoAsync(new { @do = "block" });
        await using var radio = Radio(bus);
        Assert.Equal(BlueZFaults.Blocked, await radio.OpenAsync(default));
        await bluez.DoAsync(new { @do = "block", on = false });
        Assert.Null(await radio.OpenAsync(default));
    }

    public static TheoryData<string, string> Endings => new()
    {
        { """{"do":"leave"}""", BlueZFaults.DaemonEnded.Reason },
        { """{"do":"remove-adapter"}""", BlueZFaults.AdapterRemoved.Reason },
        { """{"do":"power","on":false}""", BlueZFaults.SwitchedOff.Reason },
        { """{"do":"block"}""", BlueZFaults.Blocked.Reason },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Hear_RadioEnds_IsToldAfterWhatWasHeardBefore(string command, string reason)
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var radio = await OpenAsync(bus);
        await bluez.AdvertiseAsync(Tag, "40");
        await bluez.DoAsync(System.Text.Json.Nodes.JsonNode.Parse(command)!);
        Assert.Equal("40", Data(await HearAsync(radio)));
        Assert.Null(await radio.HearAsync(default).AsTask().WaitAsync(s_patience));
        Assert.Equal(reason, radio.Fault!.Reason);
        Assert.False(radio.IsOpen);
    }

    [Fact]
    public async Task Open_DaemonReturned_HearsAgain()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var radio = await OpenAsync(bus);
        await bluez.DoAsync(new { @do = "leave" });
        Assert.Null(await radio.HearAsync(default).AsTask().WaitAsync(s_patience));
        Assert.Equal(BlueZFaults.NoDaemon, await radio.OpenAsync(default));
        await bluez.DoAsync(new { @do = "return" });
        Assert.Null(await radio.OpenAsync(default));
        await bluez.AdvertiseAsync(Tag, "40");
        Assert.Equal("40", Data(await HearAsync(radio)));
    }

    [Fact]
    public async Task Cures_MutedRadio_HearsAgain()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var radio = await OpenAsync(bus);
        await bluez.DoAsync(new { @do = "mute", until = "discovery" });
        await bluez.AdvertiseAsync(Tag, "40");
        Assert.Null(await radio.RestartScanAsync(default));
        Assert.True(radio.IsOpen);
        await bluez.AdvertiseAsync(Tag, "41");
        Assert.Equal("41", Data(await HearAsync(radio)));

        await bluez.DoAsync(new { @do = "mute", until = "power" });
        await bluez.AdvertiseAsync(Tag, "42");
        Assert.Null(await radio.PowerCycleAsync(default));
        Assert.False(radio.IsOpen);
        Assert.Null(await radio.OpenAsync(default));
        await bluez.AdvertiseAsync(Tag, "43");
        Assert.Equal("43", Data(await HearAsync(radio)));
    }

    [Fact]
    public async Task Open_Passive_ListensByAMonitorAndNeverDiscovers()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var radio = Radio(bus, passive: true);
        Assert.Null(await radio.OpenAsync(default));
        Assert.Null(radio.Note);
        await bluez.AdvertiseAsync(Tag, "40");
        Assert.Equal("40", Data(await HearAsync(radio)));
        Assert.DoesNotContain("StartDiscovery", bluez.Calls);
        Assert.Equal(1, (await bluez.StateAsync())["monitors"]!.GetValue<int>());
        Assert.Null(await radio.RestartScanAsync(default));
        await bluez.AdvertiseAsync(Tag, "41");
        Assert.Equal("41", Data(await HearAsync(radio)));
    }

    [Fact]
    public async Task Hear_MonitorIsReleased_IsTheEndAndOpensAgain()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var radio = Radio(bus, passive: true);
        Assert.Null(await radio.OpenAsync(default));
        await bluez.DoAsync(new { @do = "release" });
        Assert.Null(await radio.HearAsync(default).AsTask().WaitAsync(s_patience));
        Assert.Equal(BlueZFaults.ScanStopped, radio.Fault);
        Assert.Null(await radio.OpenAsync(default));
        await bluez.AdvertiseAsync(Tag, "40");
        Assert.Equal("40", Data(await HearAsync(radio)));
    }

    [Theory]
    [InlineData("never")]
    [InlineData("release")]
    public async Task Open_PassiveIsNotActivated_ScansActivelyAndSaysSo(string mode)
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await bluez.DoAsync(new { @do = "monitors", mode });
        await using var radio = Radio(bus, passive: true);
        Assert.Null(await radio.OpenAsync(default));
        Assert.Equal(BlueZFaults.PassiveRefused, radio.Note);
        Assert.Contains("StartDiscovery", bluez.Calls);
        await bluez.AdvertiseAsync(Tag, "40");
        Assert.Equal("40", Data(await HearAsync(radio)));
    }

    [Fact]
    public async Task Hear_ManyStrangers_AreForgottenInTime()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await bluez.DoAsync(new { @do = "quiet" });
        var dropped = 0L;
        await using var radio = new BlueZController(new() { Bus = bus.Address, Dropped = n => Interlocked.Add(ref dropped, n) }, TimeProvider.System);
        Assert.Null(await radio.OpenAsync(default));
        await bluez.DoAsync(new { @do = "beacon", address = "C0:00:00:00:00:00", count = BlueZDevices.Usual + 100, every = 200, service = new Dictionary<string, string> { ["fcd2"] = "40" } });
        using var end = new CancellationTokenSource(s_patience);
        var heard = new HashSet<BleAddress>();
        while (heard.Count < BlueZDevices.Usual + 100)
        {
            heard.Add((await radio.HearAsync(end.Token))!.Address);
        }

        Assert.Equal(0, Volatile.Read(ref dropped));
        while ((await bluez.StateAsync())["devices"]!.AsArray().Select(d => d!.GetValue<string>()).ToList() is var there && there.Count == BlueZDevices.Usual + 100)
        {
            await radio.HearAsync(end.Token);
        }
    }

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static BlueZController Radio(PrivateBus bus, string controller = "hci0", bool passive = false) => new(new() { Bus = bus.Address, Controller = controller, IsPassive = passive }, TimeProvider.System);

    private static async Task<BlueZController> OpenAsync(PrivateBus bus, string controller = "hci0")
    {
        var radio = Radio(bus, controller);
        Assert.Null(await radio.OpenAsync(default));
        return radio;
    }

    private static async Task<Advertisement> HearAsync(BlueZController radio) => (await radio.HearAsync(default).AsTask().WaitAsync(s_patience))!;

    private static string Data(Advertisement advertisement) => Convert.ToHexString(advertisement.Services.Single().Data.Span);
}
