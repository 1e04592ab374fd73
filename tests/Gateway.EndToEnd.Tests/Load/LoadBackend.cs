using System.Globalization;
using System.Text.Json;
using Gateway.Mqtt;
using Gateway.Verification;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>The backend behind the upstream broker, with a persistent session: hundreds of thousands of messages are judged as they come, and only their identities kept.</summary>
internal sealed class LoadBackend : IMqttClientHandler, IAsyncDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly IdentityAudit _audit = new();
    private readonly Dictionary<string, int> _contents = [];
    private readonly Dictionary<(int Publisher, int Number), string> _load = [];
    private readonly HashSet<string> _others = [];
    private readonly List<(Func<MqttMessage, bool> Wanted, TaskCompletionSource<MqttMessage> Found)> _waiting = [];
    private readonly List<string> _violations = [];
    private readonly List<string> _gaps = [];
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private long _received;

    private LoadBackend(int port) => _running = Task.Run(() => RunAsync(port));

    /// <summary>What must never be: an identity with two contents, a message under two identities, a content that nobody sent.</summary>
    public IReadOnlyList<string> Violations => Locked(() => (IReadOnlyList<string>)[.. _violations]);

    /// <summary>Payloads of all gaps that were told.</summary>
    public IReadOnlyList<string> Gaps => Locked(() => (IReadOnlyList<string>)[.. _gaps]);

    public long Received => Interlocked.Read(ref _received);

    /// <summary>Connected and subscribed to everything.</summary>
    public static async Task<LoadBackend> StartAsync(int port)
    {
        var backend = new LoadBackend(port);
        await backend._subscribed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return backend;
    }

    /// <summary>The first message from now on that is wanted. Waits as long as messages come.</summary>
    public async Task<MqttMessage> WaitForAsync(Func<MqttMessage, bool> wanted)
    {
        var found = new TaskCompletionSource<MqttMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        Locked(() => _waiting.Add((wanted, found)));
        while (true)
        {
            var before = Received;
            if (await Task.WhenAny(found.Task, Task.Delay(TimeSpan.FromSeconds(60))) == found.Task)
            {
                return await found.Task;
            }

            Assert.True(Received > before, "nothing has come upstream for a minute, and what is waited for is not there");
        }
    }

    /// <summary>What must not be missing, and is.</summary>
    public IReadOnlyList<(int Publisher, int Number)> Missing(IEnumerable<(int Publisher, int Number)> sent) =>
        Locked(() => (IReadOnlyList<(int, int)>)[.. sent.Where(m => !_load.ContainsKey(m))]);

    /// <summary>As above, of another client's payloads.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> sent) => Locked(() => (IReadOnlyList<string>)[.. sent.Where(m => !_others.Contains(m))]);

    public T Audit<T>(Func<IdentityAudit, T> question) => Locked(() => question(_audit));

    public void OnMessage(MqttClient client, in ReceivedMessage message)
    {
        var it = message.Message;
        Locked(() => Judge(it));
        Interlocked.Increment(ref _received);
        client.Acknowledge(message.Ticket, ReasonCode.Success);
    }

    public void OnPublished(MqttClient client, long token, ReasonCode reason)
    {
    }

    public void OnBatchEnd(MqttClient client)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(int port)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1", Port = port, ClientId = "backend", CleanStart = false, SessionExpirySeconds = 3_600, ReceiveMaximum = 1_000,
        };
        using var pace = new PeriodicTimer(s_retry);
        try
        {
            do
            {
                var (client, _) = await MqttClient.ConnectAsync(options, TimeProvider.System, _stop.Token);
                if (client is not null)
                {
                    await using (client)
                    {
                        var running = client.RunAsync(this, _stop.Token);
                        if (await client.SubscribeAsync([new Subscription("#", QualityOfService.AtLeastOnce, RetainAsPublished: true)], _stop.Token) is not null)
                        {
                            _subscribed.TrySetResult();
                        }

                        await running;
                    }
                }
            }
            while (await pace.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to.
        }
    }

    private void Judge(MqttMessage message)
    {
        _audit.See(message);
        var identity = message.Properties.User("gw");
        if (identity is not null)
        {
            var sum = new HashCode();
            sum.Add(message.Topic);
            sum.AddBytes(message.Payload.Span);
            if (!_contents.TryAdd(identity, sum.ToHashCode()) && _contents[identity] != sum.ToHashCode())
            {
                _violations.Add($"{identity} came with two contents");
            }
        }

        if (message.Topic.StartsWith(LoadPayload.Topic, StringComparison.Ordinal))
        {
            JudgeLoad(message, identity);
        }
        else if (message.Topic.StartsWith("lan/", StringComparison.Ordinal))
        {
            _others.Add(System.Text.Encoding.UTF8.GetString(message.Payload.Span));
        }
        else if (message.Topic.EndsWith("/gaps", StringComparison.Ordinal))
        {
            _gaps.Add(System.Text.Encoding.UTF8.GetString(message.Payload.Span));
        }

        foreach (var (_, found) in _waiting.Where(w => w.Wanted(message)))
        {
            found.TrySetResult(message);
        }

        _waiting.RemoveAll(w => w.Found.Task.IsCompleted);
    }

    private void JudgeLoad(MqttMessage message, string? identity)
    {
        if (LoadPayload.Read(message.Payload.Span) is not { } which)
        {
            _violations.Add($"{identity} on {message.Topic} has a content that nobody sent");
        }
        else if (!_load.TryAdd(which, identity ?? "") && _load[which] != identity)
        {
            _violations.Add($"{which} came as {_load[which]} and as {identity}");
        }
    }

    private void Locked(Action body)
    {
        lock (_lock)
        {
            body();
        }
    }

    private T Locked<T>(Func<T> body)
    {
        lock (_lock)
        {
            return body();
        }
    }
}

/// <summary>A ledger as published by a stream.</summary>
internal readonly record struct PublishedLedger(ulong Oldest, ulong Next, ulong Acknowledged, ulong Dropped)
{
    public static PublishedLedger Of(MqttMessage message)
    {
        using var document = JsonDocument.Parse(message.Payload);
        var json = document.RootElement;
        return new(json.GetProperty("oldest").GetUInt64(), json.GetProperty("next").GetUInt64(), json.GetProperty("acked").GetUInt64(), json.GetProperty("dropped").GetUInt64());
    }

    public static ulong SeqOf(MqttMessage message) => ulong.Parse(message.Properties.User("gw")!.Split(';')[3], CultureInfo.InvariantCulture);
}
