using Gateway.Cli;
using Gateway.Machine;

namespace Gateway.Tests.Machine;

/// <summary>A folder that looks like a machine's root.</summary>
public sealed class PortsTests : IDisposable
{
    private const string Usb = "/sys/devices/usb1/1-1";

    private readonly string _root = Directory.CreateTempSubdirectory("machine-").FullName;

    public PortsTests() => Write("/etc/group", "root:x:0:\ndialout:x:20:\n");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Serial_UsbAdapter_IsNamedByItsStablePath()
    {
        PlugIn();
        var adapter = Assert.Single(Serial());
        Assert.Equal(
            new SerialAdapter("/dev/ttyUSB0", "/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0", "ftdi_sio", "FTDI FT232R USB UART (0403:6001)", null, null, null), adapter);
        Assert.Equal("/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0", adapter.Path);
    }

    [Fact]
    public void Serial_UartThatIsNotThere_IsLeftOut()
    {
        Link("/sys/class/tty/ttyS0/device/driver", "/sys/bus/serial8250");
        Write("/sys/class/tty/ttyS0/type", "0");
        Link("/sys/class/tty/ttyS1/device/driver", "/sys/bus/serial8250");
        Write("/sys/class/tty/ttyS1/type", "4");
        Write("/sys/class/tty/tty1/dev", "4:1");
        Assert.Equal("/dev/ttyS1", Assert.Single(Serial()).Device);
    }

    [Fact]
    public void Serial_HeldByAnother_NamesIt()
    {
        PlugIn();
        Write("/proc/812/comm", "mbpoll");
        Link("/proc/812/fd/3", "/dev/ttyUSB0");
        var adapter = Assert.Single(Serial());
        Assert.Equal(("mbpoll (pid 812)", "in use by mbpoll (pid 812)"), (adapter.Holder, adapter.Problem));
    }

    [Fact]
    public void Serial_HeldByOurselves_IsNoProblem()
    {
        PlugIn();
        Write("/proc/7/comm", "edge-gateway");
        Link("/proc/7/fd/3", "/dev/ttyUSB0");
        Assert.Null(Assert.Single(Serial()).Problem);
    }

    [Fact]
    public void Serial_NoPermission_NamesTheGroup()
    {
        PlugIn();
        Assert.Contains("usermod -aG dialout ", Assert.Single(Serial(mayUse: false)).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Serial_ModemManager_IsNamedForUsbOnly()
    {
        PlugIn();
        Uart();
        Write("/proc/9/comm", "ModemManager");
        Assert.Equal([null, "ModemManager runs and probes every new adapter"], Serial().Select(static a => a.Problem));
    }

    [Fact]
    public void Serial_Console_IsNamed()
    {
        Uart();
        Write("/proc/cmdline", "root=/dev/mmcblk0p2 console=ttyAMA0,115200 console=tty1");
        var adapter = Assert.Single(Serial());
        Assert.Equal("Linux uses it as its console", adapter.Problem);
        Assert.Contains("serial-getty@ttyAMA0", adapter.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("soft", "rfkill unblock bluetooth")]
    [InlineData("hard", "find the switch, or the firmware's setting")]
    [InlineData(null, "apt install bluez; systemctl enable --now bluetooth")]
    public void Bluetooth_NotUsable_HasARemedy(string? blocked, string remedy)
    {
        Write("/sys/class/bluetooth/hci0/address", "B8:27:EB:00:11:22");
        Write("/sys/class/bluetooth/hci0:64/address", "connection");
        if (blocked is not null)
        {
            Write($"/sys/class/bluetooth/hci0/rfkill3/{blocked}", "1");
        }

        var radio = Assert.Single(new BluetoothControllers(new MachineFiles(_root)).Find());
        Assert.Equal(("hci0", "B8:27:EB:00:11:22", remedy), (radio.Name, radio.Address, radio.Remedy));
    }

    [Fact]
    public void Text_NothingThere_SaysWhatToDo()
    {
        var output = new StringWriter();
        PortsCommand.Write(output, Serial(), []);
        Assert.Contains("none; plug one in", output.ToString(), StringComparison.Ordinal);
    }

    private IReadOnlyList<SerialAdapter> Serial(bool mayUse = true) => new SerialAdapters(new MachineFiles(_root), _ => mayUse).Find();

    private void PlugIn()
    {
        Write($"{Usb}/idVendor", "0403");
        Write($"{Usb}/idProduct", "6001");
        Write($"{Usb}/manufacturer", "FTDI");
        Write($"{Usb}/product", "FT232R USB UART");
        Link($"{Usb}/1-1:1.0/ttyUSB0/driver", "/sys/bus/usb-serial/drivers/ftdi_sio");
        Link("/sys/class/tty/ttyUSB0/device", $"{Usb}/1-1:1.0/ttyUSB0");
        Write("/dev/ttyUSB0", "");
        Link("/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0", "/dev/ttyUSB0");
    }

    private void Uart() => Link("/sys/class/tty/ttyAMA0/device/driver", "/sys/bus/uart-pl011");

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }

    private void Link(string path, string target)
    {
        var link = Path.Combine(_root, path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        var end = Path.Combine(_root, target.TrimStart('/'));
        if (!Path.Exists(end))
        {
            Directory.CreateDirectory(end);
        }

        File.CreateSymbolicLink(link, end);
    }
}
