using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>org.bluez on a private bus, told what to do by the test.</summary>
internal sealed class BluezMock : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly SemaphoreSlim _one = new(1);

    private BluezMock(ChildProcess process) => _process = process;

    /// <summary>Methods that were called so far, in their order.</summary>
    public IReadOnlyList<string> Calls => [.. _process.Lines.Where(l => l.StartsWith("{\"call\"", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l)!["call"]!.GetValue<string>())];

    public static async Task<BluezMock> StartAsync(PrivateBus bus, bool adapter = true)
    {
        var process = ChildProcess.Start("/usr/bin/python3", ["-u", Path.Combine(AppContext.BaseDirectory, "Ble", "bluez_mock.py")], bus.Environment);
        await process.WaitForAsync("\"ready\"");
        var mock = new BluezMock(process);
        if (adapter)
        {
            await mock.DoAsync(new { @do = "adapter" });
        }

        return mock;
    }

    /// <summary>Has it carried out; fails the test if that is not possible.</summary>
    public async Task DoAsync(object command)
    {
        await _one.WaitAsync();
        try
        {
            var before = Answers();
            await _process.WriteLineAsync(JsonSerializer.Serialize(command));
            await _process.WaitForAsync(_ => Answers() > before);
            Assert.DoesNotContain("\"error\": \"{", _process.Lines[^1], StringComparison.Ordinal);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>A device that sends BTHome, the way most do: flags and service data.</summary>
    public Task AdvertiseAsync(string address, string data, int rssi = -60, string adapter = "hci0") =>
        DoAsync(new { @do = "advertise", adapter, address, rssi, service = new Dictionary<string, string> { ["fcd2"] = data } });

    /// <summary>Waits until a method has been called so often.</summary>
    public Task WaitForCallAsync(string method, int times = 1) => _process.WaitForAsync(_ => Calls.Count(c => c == method) >= times);

    public async Task<JsonNode> StateAsync(string adapter = "hci0")
    {
        await DoAsync(new { @do = "state" });
        return JsonNode.Parse(_process.Lines.Last(l => l.StartsWith("{\"state\"", StringComparison.Ordinal)))!["state"]![adapter]!;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _one.Dispose();
    }

    private int Answers() => _process.Lines.Count(l => l.StartsWith("{\"done\"", StringComparison.Ordinal) || l.StartsWith("{\"error\"", StringComparison.Ordinal));
}
