using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Verification;

/// <summary><c>edge-gateway verify --json</c> that listens, as a process of its own.</summary>
internal sealed class VerifyProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private VerifyProcess(ChildProcess process) => _process = process;

    /// <summary>Starts it, and waits until Mosquitto has its subscription.</summary>
    public static async Task<VerifyProcess> StartAsync(Mosquitto upstream, params string[] arguments)
    {
        var id = $"verify-{Guid.NewGuid():N}"[..20];
        var process = ChildProcess.Start(GatewayProcess.Program, ["verify", "--json", "--client-id", id, .. arguments]);
        await upstream.WaitForAsync($"Sending SUBACK to {id}");
        return new VerifyProcess(process);
    }

    /// <summary>Ctrl+C.</summary>
    public async Task<Verdict> InterruptAsync()
    {
        var (code, _) = await ChildProcess.RunAsync("kill", "-INT", $"{_process.Id}");
        Assert.Equal(0, code);
        return await EndAsync();
    }

    /// <summary>Its end, which it finds by itself.</summary>
    public async Task<Verdict> EndAsync() => new(await _process.WaitForExitAsync(), string.Join('\n', _process.Lines));

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <param name="Code">Exit code.</param>
/// <param name="Text">What it printed.</param>
internal sealed record Verdict(int Code, string Text)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Text).RootElement;

    public JsonElement Stream(string gateway, string name, bool isOrigin = false) => Json.GetProperty("streams").EnumerateArray().Single(s =>
        s.GetProperty("gateway").GetString() == gateway && s.GetProperty("stream").GetString() == name && s.GetProperty("origin").GetBoolean() == isOrigin);

    public long Number(string name) => Json.GetProperty(name).GetInt64();

    /// <summary>The verdict is this, and the exit code says the same.</summary>
    public Verdict Expect(string verdict)
    {
        Assert.True(Json.GetProperty("verdict").GetString() == verdict && Code == (verdict == "complete" ? 0 : 1), $"exit code {Code}\n{Text}");
        return this;
    }
}
