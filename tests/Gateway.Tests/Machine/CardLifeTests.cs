using Gateway.Machine;

namespace Gateway.Tests.Machine;

/// <summary>A folder that looks like a machine's root.</summary>
public sealed class CardLifeTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("machine-").FullName;

    public CardLifeTests()
    {
        Write("/proc/self/mountinfo", """
            22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/root rw
            30 22 8:1 / /srv/data rw,relatime shared:5 - ext4 /dev/sda1 rw
            31 22 0:24 / /run rw - tmpfs tmpfs rw
            """);
        Link("/sys/dev/block/179:2", "/sys/devices/platform/mmc0/mmc0:0001/block/mmcblk0/mmcblk0p2");
        Link("/sys/dev/block/8:1", "/sys/devices/pci/ata1/block/sda/sda1");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("0x01 0x01", "mmcblk0 says of itself that 0 to 10 % of its life are used")]
    [InlineData("0x02 0x05", "mmcblk0 says of itself that 40 to 50 % of its life are used")]
    [InlineData("0x0b 0x01", "mmcblk0 says of itself that its life is over")]
    [InlineData("0x00 0x00", null)]
    [InlineData("0x00 0x0c", null)]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    public void Of_FolderOnAnEmmc_IsWhatItTells(string life, string? expected)
    {
        Write("/sys/block/mmcblk0/device/life_time", life);
        Assert.Equal(expected, Of("/var/lib/edge-gateway")?.ToString());
    }

    [Theory]
    [InlineData("/srv/data/gateway")]
    [InlineData("/run/gateway")]
    [InlineData("/var/lib/edge-gateway")]
    public void Of_FolderOnWhatDoesNotTell_IsNothing(string folder) => Assert.Null(Of(folder));

    [Fact]
    public void Of_NoKernelFiles_IsNothing()
    {
        File.Delete(_root + "/proc/self/mountinfo");
        Assert.Null(Of("/"));
    }

    private CardLife? Of(string folder) => CardLife.Of(folder, new MachineFiles(_root));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.WriteAllText(_root + path, text + "\n");
    }

    private void Link(string link, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + link)!);
        Directory.CreateDirectory(_root + target);
        File.CreateSymbolicLink(_root + link, _root + target);
    }
}
