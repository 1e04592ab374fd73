using Gateway.Storage;

namespace Gateway.Tests.Storage.JournalFiles;

/// <summary>On the real file system: it is the kernel's lock that is asked.</summary>
public sealed class JournalLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-gateway-lock-").FullName;

    [Fact]
    public void Lock_HeldByAnother_NamesTheHolder()
    {
        var path = Path.Combine(_folder, "lock");
        using var held = new DiskFiles().Lock(path);

        var refused = Assert.Throws<JournalLockedException>(() => new DiskFiles().Lock(path));

        Assert.Equal(Environment.ProcessId, refused.Process);
        Assert.Contains($"process {Environment.ProcessId} (", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_LetGo_CanBeTaken()
    {
        var path = Path.Combine(_folder, "lock");
        new DiskFiles().Lock(path).Dispose();

        new DiskFiles().Lock(path).Dispose();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
