using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>A client of the LAN broker that publishes at QoS 1 with a window, through every end of the broker, and remembers what was acknowledged. It never sends a number twice.</summary>
internal sealed class LoadPublisher(int port, int id, int perTick, Action acknowledged) : IMqttClientHandler
{
    private const int Window = 100;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly HashSet<int> _acknowledged = [];
    private readonly HashSet<ReasonCode> _refusals = [];
    private readonly string _topic = $"{LoadPayload.Topic}{id}";
    private int _next;
    private volatile bool _paused;

    public int Id => id;

    public IReadOnlyCollection<int> Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return [.. _acknowledged];
            }
        }
    }

    /// <summary>Reason codes other than success that it was ever answered with.</summary>
    public IReadOnlyCollection<ReasonCode> Refusals
    {
        get
        {
            lock (_lock)
            {
                return [.. _refusals];
            }
        }
    }

    public bool Paused
    {
        set => _paused = value;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        // Both protocols: 3.1.1 has no other word for a refusal than the end of the connection.
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ClientId = $"load-{id}",
            Version = id % 2 == 0 ? ProtocolVersion.V500 : ProtocolVersion.V311,
            MaximumInflight = Window,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        using var pace = new PeriodicTimer(s_tick);
        try
        {
            while (await pace.WaitForNextTickAsync(stop))
            {
                var (client, _) = await MqttClient.ConnectAsync(options, TimeProvider.System, stop);
                if (client is not null)
                {
                    await using (client)
                    {
                        var running = client.RunAsync(this, stop);
                        await PumpAsync(client, running, pace, stop);
                        await running;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to.
        }
    }

    public void OnMessage(MqttClient client, in ReceivedMessage message)
    {
    }

    public void OnPublished(MqttClient client, long token, ReasonCode reason)
    {
        lock (_lock)
        {
            if (reason.IsFailure())
            {
                _refusals.Add(reason);
                return;
            }

            _acknowledged.Add((int)token);
        }

        acknowledged();
    }

    public void OnBatchEnd(MqttClient client)
    {
    }

    private async Task PumpAsync(MqttClient client, Task running, PeriodicTimer pace, CancellationToken stop)
    {
        while (!running.IsCompleted)
        {
            for (var i = 0; i < perTick && !_paused; i++)
            {
                var message = new MqttMessage { Topic = _topic, Payload = LoadPayload.Make(id, _next), Qos = QualityOfService.AtLeastOnce };
                if (client.TryPublish(message, QualityOfService.AtLeastOnce, retain: false, expiry: null, _next) != SendStatus.Sent)
                {
                    break;
                }

                _next++;
            }

            await pace.WaitForNextTickAsync(stop);
        }
    }
}
