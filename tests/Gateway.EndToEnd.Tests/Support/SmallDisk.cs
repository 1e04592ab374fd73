namespace Gateway.EndToEnd.Tests.Support;

/// <summary>A tmpfs of a given size, which can be enlarged or made read-only while it is used.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static async Task<SmallDisk> MountAsync(TempFolder folder, string name, string size)
    {
        var path = folder.Of(name);
        Directory.CreateDirectory(path);
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
        return new SmallDisk(path);
    }

    /// <param name="options">As of mount: <c>size=80m</c>, <c>ro</c>.</param>
    public Task RemountAsync(string options) => RunAsync("mount", "-o", $"remount,{options}", Path);

    public async ValueTask DisposeAsync() => await RunAsync("umount", "--lazy", Path);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync(program, arguments);
        Assert.True(code == 0, output);
    }
}
