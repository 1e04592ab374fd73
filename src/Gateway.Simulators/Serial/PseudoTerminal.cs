using Gateway.Adapters.Serial;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Simulators;

/// <summary>A serial adapter without hardware: its plug is <see cref="Device"/>, whatever is on the line is <see cref="Port"/>.</summary>
public sealed class PseudoTerminal : IAsyncDisposable
{
    private const string Multiplexer = "/dev/ptmx";

    /// <summary>Keeps the line up while nobody has it open, as an adapter does.</summary>
    private readonly SafeFileHandle _device;
    private readonly string? _link;

    private PseudoTerminal(SafeFileHandle master, SafeFileHandle device, string path, string? link)
    {
        (_device, _link, Device) = (device, link, link ?? path);
        Port = SerialPort.Over(master, path);
    }

    /// <summary>What the gateway opens.</summary>
    public string Device { get; }

    /// <summary>The far end of the line.</summary>
    public ISerialPort Port { get; }

    /// <param name="link">A name for the device, like one under <c>/dev/serial/by-id</c>; replaced if it is there.</param>
    /// <exception cref="IOException">The system has no pseudo-terminal left.</exception>
    public static PseudoTerminal Open(string? link = null)
    {
        var master = Libc.TryOpen(Multiplexer) ?? throw Failure();
        var path = $"/dev/pts/{Unlock(master)}";
        var device = Libc.TryOpen(path) ?? throw Failure();
        Termios.Apply(device, new SerialSettings(path, 115200));
        if (link is not null)
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, path);
        }

        return new PseudoTerminal(master, device, path, link);
    }

    /// <summary>Unplugged.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_link is not null)
        {
            File.Delete(_link);
        }

        _device.Dispose();
        await Port.DisposeAsync();
    }

    private static unsafe int Unlock(SafeFileHandle master)
    {
        var (locked, number) = (0, 0);
        return Libc.Ioctl(master, TtyRequest.SetPtyLock, &locked) == 0 && Libc.Ioctl(master, TtyRequest.GetPtyNumber, &number) == 0 ? number : throw Failure();
    }

    private static IOException Failure() => new($"no pseudo-terminal: {Libc.Text(Libc.Error)}");
}
