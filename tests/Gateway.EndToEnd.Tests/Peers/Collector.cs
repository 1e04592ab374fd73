using System.Text.Json;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Mqtt;
using Gateway.Verification;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>An MQTT client that is not ours (paho for Python) with a persistent session: what it prints is what a backend got.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private Collector(ChildProcess process) => _process = process;

    public IReadOnlyList<Received> Messages => [.. _process.Lines.Where(IsMessage).Select(Parse)];

    public static async Task<Collector> StartAsync(int port, string clientId, string[] filters, bool v5 = true)
    {
        var process = ChildProcess.Start(
            "/usr/bin/python3",
            ["-u", Path.Combine(AppContext.BaseDirectory, "Peers", "collector.py"), $"{port}", clientId, v5 ? "5" : "4", .. filters]);
        await process.WaitForAsync(filters.Length > 0 ? "\"subscribed\"" : "\"connected\"");
        return new Collector(process);
    }

    /// <summary>The first message, past or future, that is wanted.</summary>
    public async Task<Received> WaitForAsync(Func<Received, bool> wanted, TimeSpan? patience = null) =>
        Parse(await _process.WaitForAsync(l => IsMessage(l) && wanted(Parse(l)), patience));

    public Task<Received> WaitForAsync(string topic) => WaitForAsync(m => m.Topic == topic);

    /// <summary>Publishes, and waits for the acknowledgement at QoS 1.</summary>
    public async Task PublishAsync(string topic, string payload, int qos = 1, bool retain = false, Dictionary<string, object>? properties = null)
    {
        var tag = Guid.NewGuid().ToString("N");
        await _process.WriteLineAsync(JsonSerializer.Serialize(new { topic, payload, qos, retain, properties, tag }));
        using var sent = JsonDocument.Parse(await _process.WaitForAsync(l => l.Contains(tag, StringComparison.Ordinal)));
        var mid = sent.RootElement.GetProperty("mid").GetInt32();
        await _process.WaitForAsync(l => l.Contains($"\"published\", \"mid\": {mid}}}", StringComparison.Ordinal));
    }

    /// <summary>Publishes what is not acknowledged: the other side ends the connection.</summary>
    public async Task SendAndBeClosedAsync(string topic, string payload)
    {
        await _process.WriteLineAsync(JsonSerializer.Serialize(new { topic, payload, qos = 1 }));
        await _process.WaitForAsync("\"disconnected\"");
    }

    /// <summary>What a backend concludes from everything that came.</summary>
    public IdentityAudit Audit()
    {
        var audit = new IdentityAudit { FromStart = true };
        foreach (var message in Messages)
        {
            audit.See(new MqttMessage
            {
                Topic = message.Topic,
                Payload = System.Text.Encoding.UTF8.GetBytes(message.Payload),
                Properties = new MessageProperties { UserProperties = message.User },
            });
        }

        return audit;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static bool IsMessage(string line) => line.StartsWith("{\"event\": \"message\"", StringComparison.Ordinal);

    private static Received Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        return new Received(
            json.GetProperty("topic").GetString()!,
            json.GetProperty("payload").GetString()!,
            json.GetProperty("qos").GetInt32(),
            json.GetProperty("retain").GetBoolean(),
            [.. json.GetProperty("user").EnumerateArray().Select(p => new UserProperty(p[0].GetString()!, p[1].GetString()!))],
            json.GetProperty("correlation").GetString()!);
    }
}

internal sealed record Received(string Topic, string Payload, int Qos, bool Retain, IReadOnlyList<UserProperty> User, string Correlation)
{
    /// <summary>The identity (user property <c>gw</c>), or null.</summary>
    public string? Identity => User.FirstOrDefault(u => u.Name == "gw") is { Value: { } value } ? value : null;

    public JsonElement Json => JsonDocument.Parse(Payload).RootElement;
}
