using Gateway.Adapters;
using Gateway.Doctor;
using Gateway.Machine;

namespace Gateway.Tests.Doctor;

/// <summary>Lines and radios that are named and cannot be used.</summary>
public sealed class LinkExaminationTests
{
    private const string Stable = "/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0";

    private static readonly SerialAdapter s_adapter = new("/dev/ttyUSB0", Stable, "ftdi_sio", null, null, null, null);
    private static readonly BluetoothController s_radio = new("hci0", "B8:27:EB:00:11:22", "btusb", null, null);

    [Fact]
    public void Serial_WithoutPermission_IsAFaultWithTheGroup() => Assert.Equal(
        new Finding("link bus", Severity.Fault, "/dev/ttyUSB0: no permission", "usermod -aG dialout pi"),
        Look("/dev/ttyUSB0", s_adapter with { Problem = "no permission", Remedy = "usermod -aG dialout pi" }));

    [Fact]
    public void Serial_Unplugged_NamesWhatIsThere()
    {
        Assert.Contains("plug the adapter in", Look("/dev/ttyUSB7")!.Remedy, StringComparison.Ordinal);
        Assert.Contains(Stable, Look("/dev/ttyUSB7", s_adapter)!.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Serial_ByTheNameThatChanges_IsAWarning() =>
        Assert.Equal((Severity.Warning, $"write serial-port: {Stable}"), (Look("/dev/ttyUSB0", s_adapter)!.Severity, Look("/dev/ttyUSB0", s_adapter)!.Remedy));

    [Fact]
    public void Serial_ThatTheKernelDoesNotList_IsLookedAtAllTheSame() =>
        Assert.Equal((Severity.Fault, "/dev/ttyNET0: no permission"), (Look("/dev/ttyNET0")!.Severity, Look("/dev/ttyNET0")!.Text));

    [Fact]
    public void Modem_ThatIsThere_IsToldWithItsRadio() => Assert.Equal(
        $"{Stable} is there: 868.1 MHz, SF9, 125 kHz, 4/5, 14 dBm; eu868 allows 14 dBm e.r.p. and sending for 1 % of an hour there", Look(Stable, s_adapter)!.Text);

    [Fact]
    public void Radio_WithoutBlueZ_IsAFault() => Assert.Equal(
        new Finding("link bus", Severity.Fault, "hci0: bluetoothd does not run", "apt install bluez"),
        Look("hci0", radio: s_radio with { Problem = "bluetoothd does not run", Remedy = "apt install bluez" }));

    [Fact]
    public void Radio_NotThere_NamesWhatIs()
    {
        Assert.Contains("no Bluetooth controller", Look("hci0")!.Remedy, StringComparison.Ordinal);
        Assert.Contains("hci0", Look("hci1", radio: s_radio)!.Remedy, StringComparison.Ordinal);
        Assert.Equal(Severity.Good, Look("hci0", radio: s_radio)!.Severity);
        Assert.Equal("the first controller, hci0, is there, and bluetoothd runs", Look("", radio: s_radio)!.Text);
        Assert.Equal("there is no Bluetooth controller", Look("")!.Text);
        Assert.Equal("B8:27:EB:00:11:33 is not there", Look("\"B8:27:EB:00:11:33\"", radio: s_radio)!.Text);
        Assert.Null(Look("\"B8:27:EB:00:11:33\"", radio: s_radio with { Address = null }));
    }

    [Fact]
    public void Network_IsNotLookedAtHere() => Assert.Null(Look("192.0.2.20", s_adapter, s_radio));

    /// <summary>A doubt about the network stands above the fault that it explains, and stays a doubt where it explains nothing.</summary>
    [Fact]
    public void Causes_StandBeforeWhatTheyCause()
    {
        Finding network = new("network", Severity.Warning, "no network interface is up", "plug the cable in"), clock = new("clock", Severity.Warning, "not synchronised");
        Finding dns = new("bridge cloud", Severity.Fault, "mqtt://a: a has no address", "check the name", "network"), port = new("broker", Severity.Fault, "port 1883 is in use");
        Finding told = new("bridge cloud", Severity.Fault, "a has no address", "check the name");

        Assert.Equal([network with { Severity = Severity.Fault }, dns, port, clock], Consultation.InOrder([clock, network, dns, port, told]));
        Assert.Equal([port, clock, network], Consultation.InOrder([clock, network, port]));
    }

    private static Finding? Look(string address, SerialAdapter? adapter = null, BluetoothController? radio = null)
    {
        var kind = address.StartsWith("hci", StringComparison.Ordinal) || address.StartsWith('"') ? $"type: ble, controller: {address}"
            : address == "" ? "type: ble"
            : address.StartsWith('/') ? $"type: lora, modem: rylr998, region: eu868, frequency: 868.1MHz, serial-port: {address}"
            : $"type: modbus-tcp, host: {address}";
        var (configuration, _) = ConfigurationLoader.Parse($"links: [{{ id: bus, {kind} }}]\n", "gateway.yaml", AdapterCatalog.All);
        var root = Directory.CreateTempSubdirectory("edge-gateway-machine-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "dev"));
            File.WriteAllText(Path.Combine(root, "dev/ttyUSB0"), "");
            File.WriteAllText(Path.Combine(root, "dev/ttyNET0"), "");
            Directory.CreateDirectory(Path.Combine(root, "dev/serial/by-id"));
            File.CreateSymbolicLink(Path.Combine(root, Stable[1..]), "../../ttyUSB0");
            return new LinkExamination(configuration!, adapter is null ? [] : [adapter], radio is null ? [] : [radio], new MachineFiles(root))
            {
                HasSystemBus = true,
                MayUse = static p => !p.EndsWith("NET0", StringComparison.Ordinal),
            }.Look(configuration!.Links[0]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
