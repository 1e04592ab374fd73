using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>From a bare machine to trusted values, with the real systemd and the published build: <c>scripts/installer-transcript</c>.</summary>
public sealed class InstallerTests(ITestOutputHelper output)
{
    /// <summary>What the script ends with where containers are not possible.</summary>
    private const int Impossible = 77;

    /// <summary>Publishing and an empty Debian come first, where they are not there yet.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task Transcript_PlaysToItsEnd()
    {
        await using var script = ChildProcess.Start("bash", [Path.Combine(Root(), "scripts", "installer-transcript")]);
        var code = await script.WaitForExitAsync(s_patience);
        foreach (var line in script.Lines)
        {
            output.WriteLine(line);
        }

        Assert.SkipWhen(code == Impossible, script.Lines.Count > 0 ? script.Lines[^1] : "no transcript");
        Assert.Equal(0, code);

        // What an installer must have seen, whatever the words around it.
        var text = string.Join('\n', script.Lines);
        Assert.Contains("Connection Refused: not authorised", text, StringComparison.Ordinal);
        Assert.Contains("kept: /root/new.yaml is now /etc/edge-gateway/gateway.yaml", text, StringComparison.Ordinal);
        Assert.Contains("rolled back: link plc: ", text, StringComparison.Ordinal);
        Assert.Contains("olaf may not ask the gateway", text, StringComparison.Ordinal);
        Assert.Contains("\"boot\":3", text, StringComparison.Ordinal);
        Assert.True(script.Lines.Count < 150, "too long to read");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gateway.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run from the repository");
        }

        return folder;
    }
}
