using System.Diagnostics;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>A command of edge-gateway that ends by itself, and what it said.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Lines on standard output.</param>
/// <param name="Errors">Lines on standard error.</param>
internal sealed record GatewayCommand(int Code, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    /// <summary>A user that owns nothing.</summary>
    public static readonly string[] AsNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    public static Task<GatewayCommand> RunAsync(params string[] arguments) => RunAsync([], arguments);

    /// <param name="launcher">Stands before the command: <see cref="AsNobody"/>.</param>
    /// <param name="arguments">Of edge-gateway.</param>
    public static async Task<GatewayCommand> RunAsync(string[] launcher, string[] arguments)
    {
        string[] all = [.. launcher, GatewayProcess.Program, .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = Path.GetTempPath();
        start.Environment.Remove("RUNTIME_DIRECTORY");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new InvalidOperationException($"{string.Join(' ', all)} did not end; it said:\n{await output}\n{await errors}");
        }

        return new GatewayCommand(process.ExitCode, Lines(await output), Lines(await errors));
    }

    /// <summary>The one line on standard error with which a start failed; exit code 1, no stack trace.</summary>
    public string Refusal()
    {
        Assert.Equal(1, Code);
        Assert.DoesNotContain(Output, l => l.StartsWith("   at ", StringComparison.Ordinal));
        var line = Assert.Single(Errors);
        Assert.StartsWith("edge-gateway: ", line, StringComparison.Ordinal);
        return line;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
