using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Mqtt;
using Gateway.Verification;

namespace Gateway.Demo;

/// <summary>A backend beside the cloud broker: subscribes like anybody, and counts by identity.</summary>
internal sealed class DemoBackend
{
    private readonly Lock _lock = new();
    private readonly IdentityAudit _audit = new() { FromStart = true };
    private readonly ConcurrentDictionary<string, string> _values = new();

    /// <summary>The last value of each point that has come, in the order of their names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values => [.. _values.OrderBy(v => v.Key, StringComparer.Ordinal)];

    public DemoCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new DemoCounts(_audit.Received, _audit.Missing, _audit.Duplicates, _audit.OutOfOrder, _audit.Dropped, _audit.Open);
            }
        }
    }

    /// <summary>One line for each stream.</summary>
    public IReadOnlyList<string> Streams
    {
        get
        {
            lock (_lock)
            {
                return [.. _audit.Streams.Select(s =>
                    $"{s.Key.Gateway} {s.Key.Stream} epoch {s.Key.Epoch:x16}: received {s.Value.Received}, missing {s.Value.Missing}, replaced by newer {s.Value.Dropped}, open {s.Value.Open}")];
            }
        }
    }

    /// <summary>Subscribes to everything.</summary>
    /// <returns>The listening, until cancelled.</returns>
    public async Task<Task> StartAsync(int port, CancellationToken cancellation)
    {
        var options = new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "backend", ReceiveMaximum = 1_000 };
        var result = await MqttClient.ConnectAsync(options, TimeProvider.System, cancellation).ConfigureAwait(false);
        var client = result.Client ?? throw new InvalidOperationException(result.Failure!.Text);
        var listening = client.RunAsync(new DeliveringHandler(Take), cancellation);
        await client.SubscribeAsync([new Subscription("#", QualityOfService.AtLeastOnce)], cancellation).ConfigureAwait(false);
        return listening;
    }

    private void Take(MqttMessage message)
    {
        lock (_lock)
        {
            _audit.See(message);
        }

        if (message.Topic.Split('/') is [_, var device, "telemetry", var point])
        {
            using var json = JsonDocument.Parse(message.Payload);
            var unit = json.RootElement.TryGetProperty("unit", out var u) ? u.GetString() : "";
            _values[$"{device}/{point}"] = $"{json.RootElement.GetProperty("v")} {unit}";
        }
    }
}

internal readonly record struct DemoCounts(ulong Received, ulong Missing, ulong Duplicates, ulong OutOfOrder, ulong Dropped, ulong Open);
