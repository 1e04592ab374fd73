using System.Diagnostics;

namespace Gateway.EndToEnd.Tests.Broker;

/// <summary>A client program of somebody else's.</summary>
internal sealed class ClientTool : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ClientTool(Process process) => _process = process;

    /// <summary>Starts it with its output flushed line by line, which a pipe does not get by itself.</summary>
    public static ClientTool Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("stdbuf", ["-oL", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        return new ClientTool(process);
    }

    /// <summary>Runs it to its end, which must be a success.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var tool = Start(program, arguments);
        return await tool.FinishAsync();
    }

    /// <summary>Reads lines until one has this in it.</summary>
    public async Task ReadUntilAsync(string part)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"it ended without saying '{part}': {await _process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    public async Task<string> FinishAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        var errors = _process.StandardError.ReadToEndAsync(patience.Token);
        var output = await _process.StandardOutput.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        Assert.True(_process.ExitCode == 0, $"{string.Join(' ', _process.StartInfo.ArgumentList)} ended with {_process.ExitCode}: {output} {await errors}");
        return output;
    }

    /// <summary>Kills it: no DISCONNECT is sent.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
