using Gateway.Identity;

namespace Gateway.Tests.Identity;

public sealed class NewFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("new-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Missing_IsMadeWithItsFoldersForAllToRead()
    {
        var path = Path.Combine(_folder, "etc", "edge-gateway", "gateway.yaml");

        Assert.True(NewFile.TryWrite(path, "a: b\n"u8));

        Assert.Equal("a: b\n", File.ReadAllText(path));
        Assert.Equal(Convert.ToInt32("644", 8), (int)File.GetUnixFileMode(path));
        Assert.Equal(Convert.ToInt32("755", 8), (int)File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal(["gateway.yaml"], Names(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void There_StaysAsItIs()
    {
        var path = Path.Combine(_folder, "gateway.yaml");
        File.WriteAllText(path, "mine");

        Assert.False(NewFile.TryWrite(path, "yours"u8));

        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Equal(["gateway.yaml"], Names(_folder));
    }

    [Fact]
    public void DanglingLink_IsNotFollowed()
    {
        var path = Path.Combine(_folder, "gateway.yaml");
        File.CreateSymbolicLink(path, "nowhere");

        Assert.False(NewFile.TryWrite(path, "yours"u8));

        Assert.Equal(["gateway.yaml"], Names(_folder));
    }

    private static IEnumerable<string?> Names(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName);
}
