using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Gateway.Simulators;

/// <summary>The mock of org.bluez as a process of its own, on a bus of its own. It ends with its standard input, whatever becomes of us.</summary>
internal sealed class BluezMock : IAsyncDisposable
{
    private const string Script = "bluez_mock.py";
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly SemaphoreSlim _one = new(1);

    private BluezMock(Process process, string bus) => (_process, Bus) = (process, bus);

    /// <summary>As DBUS_SYSTEM_BUS_ADDRESS wants it.</summary>
    public string Bus { get; }

    /// <exception cref="IOException">It cannot run here; the message says what is missing.</exception>
    public static async Task<BluezMock> StartAsync(CancellationToken cancellation)
    {
        using var source = new StreamReader(typeof(BluezMock).Assembly.GetManifestResourceStream(Script)!);
        var start = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-u", "-c", await source.ReadToEndAsync(cancellation), "--own-bus"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw Missing(e.Message);
        }

        var problem = process.StandardError.ReadToEndAsync(cancellation);
        var line = await process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(s_patience, cancellation);
        if (line is null || JsonNode.Parse(line)?["bus"]?.GetValue<string>() is not { } bus)
        {
            var said = await problem;
            process.Dispose();
            throw Missing(said.Trim().Split('\n')[^1]);
        }

        var mock = new BluezMock(process, bus);
        _ = mock.DrainAsync();
        await mock.DoAsync(new JsonObject { ["do"] = "quiet" });
        return mock;
    }

    /// <summary>Has it carried out, some time soon.</summary>
    public async Task DoAsync(JsonObject command)
    {
        await _one.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(command.ToJsonString());
            await _process.StandardInput.FlushAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(s_patience);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _one.Dispose();
    }

    /// <summary>What it says is for tests.</summary>
    private async Task DrainAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is not null)
        {
        }
    }

    private static IOException Missing(string what) =>
        new($"Bluetooth devices need a D-Bus daemon and Python's bindings to be simulated: apt-get install dbus python3-dbus python3-gi ({what})");
}
