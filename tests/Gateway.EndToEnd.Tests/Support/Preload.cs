namespace Gateway.EndToEnd.Tests.Support;

/// <summary>Small libraries that stand between the daemon and the system's own (LD_PRELOAD).</summary>
internal static class Preload
{
    /// <param name="folder">Where the library goes.</param>
    /// <param name="source">File name of the source, in the folder of some room of the tests.</param>
    /// <returns>Path of the library.</returns>
    public static async Task<string> CompileAsync(TempFolder folder, string source)
    {
        var path = Directory.EnumerateFiles(AppContext.BaseDirectory, source, SearchOption.AllDirectories).Single();
        var library = folder.Of(Path.ChangeExtension(source, ".so"));
        var (code, output) = await ChildProcess.RunAsync("gcc", "-O1", "-shared", "-fPIC", "-o", library, path, "-ldl");
        Assert.True(code == 0, output);
        return library;
    }
}
