using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.Tests.Storage;

/// <summary>A small ext4 file system in a file, mounted over a loop device, whose power can be cut.</summary>
internal sealed class Ext4Image : IDisposable
{
    private const uint Ext4IocShutdown = 0x8004587d;
    private const int NoLogFlush = 2;

    private readonly string _folder;
    private readonly string _image;
    private readonly string _options;
    private bool _mounted;

    private Ext4Image(string folder, string options)
    {
        (_folder, _options) = (folder, options);
        _image = Path.Combine(folder, "image");
        Mount = Path.Combine(folder, "mount");
        Directory.CreateDirectory(Mount);
    }

    public string Mount { get; }

    /// <param name="mebibytes">Its size.</param>
    /// <param name="reason">Why there is none.</param>
    /// <param name="options">Of mount.</param>
    /// <returns>null with the reason, where loop mounts are not possible.</returns>
    public static Ext4Image? TryMake(int mebibytes, out string reason, string options = "loop")
    {
        var image = new Ext4Image(Directory.CreateTempSubdirectory("ext4-").FullName, options);
        using (var file = File.Create(image._image))
        {
            file.SetLength((long)mebibytes << 20);
        }

        if (Run("mkfs.ext4", "-q", "-b", "4096", image._image) is { } noFileSystem)
        {
            reason = noFileSystem;
            image.Dispose();
            return null;
        }

        if (image.TryMount() is { } noMount)
        {
            reason = noMount;
            image.Dispose();
            return null;
        }

        reason = "";
        return image;
    }

    /// <summary>From here on every write fails, and what was not synced is gone.</summary>
    public void CutPower()
    {
        var descriptor = Open(Mount, 0);
        Assert.True(descriptor >= 0);
        var flags = NoLogFlush;
        var result = Ioctl(descriptor, Ext4IocShutdown, ref flags);
        _ = Close(descriptor);
        Assert.Equal(0, result);
    }

    /// <summary>As the kernel does after an error of the device: from here on the file system is read-only, whoever has files open for writing.</summary>
    public void ReadOnly() => Assert.Null(Run("mount", "-o", "remount,abort", Mount));

    /// <summary>An error in the file system itself: with the option errors=remount-ro everything on it is read-only at once, open files too, until it is mounted anew.</summary>
    public void MeetAnError()
    {
        var device = File.ReadLines("/proc/self/mounts").Select(l => l.Split(' ')).Last(m => m[1] == Mount)[0];
        File.WriteAllText($"/sys/fs/ext4/{Path.GetFileName(device)}/trigger_fs_error", "1");
    }

    public void Remount()
    {
        Unmount();
        Assert.Null(TryMount());
    }

    public void Dispose()
    {
        Unmount();
        Directory.Delete(_folder, recursive: true);
    }

    private string? TryMount()
    {
        var problem = Run("mount", "-o", _options, _image, Mount);
        _mounted = problem is null;
        return problem;
    }

    private void Unmount()
    {
        if (_mounted)
        {
            Assert.Null(Run("umount", Mount));
            _mounted = false;
        }
    }

    internal static string? Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{command}: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{command}: {e.Message}";
        }
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int Ioctl(int descriptor, nuint request, ref int argument);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
