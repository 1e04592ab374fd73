using Gateway.Mqtt;

namespace Gateway.Verification;

/// <summary>Listens to an upstream broker as a backend does: QoS 1, a session that outlives the line, so that nothing that passes is missed.</summary>
/// <param name="servers">How to connect, in the order in which they are tried.</param>
/// <param name="filters">What to subscribe.</param>
/// <param name="time">The clock.</param>
internal sealed class UpstreamWatch(IReadOnlyList<MqttClientOptions> servers, IReadOnlyList<string> filters, TimeProvider time)
{
    /// <summary>5 minutes: the line may be away so long; and so long the broker keeps what we leave behind when we are killed.</summary>
    private const uint SessionSeconds = 300;

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private volatile string? _problem;
    private volatile bool _isListening;

    /// <summary>Called for each message, one after another; the flag says that the broker had kept it from before we came.</summary>
    public required Action<MqttMessage, bool> Message { get; init; }

    /// <summary>Called when the broker has forgotten the session: what passed meanwhile is not known.</summary>
    public required Action Interrupted { get; init; }

    /// <summary>Connections that were lost.</summary>
    public int Losses { get; private set; }

    public bool IsListening => _isListening;

    /// <summary>Why it does not listen now; null: it does.</summary>
    public string? Problem => _problem;

    /// <summary>Connects and subscribes for the first time.</summary>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <param name="stop">Ends the listening.</param>
    /// <returns>Why it cannot be (a later attempt would hardly do better), or the listening.</returns>
    public async Task<(string? Failure, Task Listening)> StartAsync(CancellationToken cancellation, CancellationToken stop)
    {
        var (client, failure) = await ConnectAsync(clean: false, cancellation).ConfigureAwait(false);
        if (client is { SessionPresent: true })
        {
            // Somebody's who had this client identifier before us: what it kept would look like ours. Not Clean Start 1 alone:
            // Mosquitto 2.0 keeps sessions that began with it in memory only, and forgets them when it restarts.
            await CloseAsync(client).ConfigureAwait(false);
            (client, failure) = await ConnectAsync(clean: true, cancellation).ConfigureAwait(false);
            if (client is not null)
            {
                await CloseAsync(client).ConfigureAwait(false);
                (client, failure) = await ConnectAsync(clean: false, cancellation).ConfigureAwait(false);
            }
        }

        if (client is null)
        {
            return (failure, Task.CompletedTask);
        }

        var ended = client.RunAsync(new DeliveringHandler(Take), CancellationToken.None);
        if (await SubscribeAsync(client, cancellation).ConfigureAwait(false) is { } refusal)
        {
            client.Disconnect();
            await ended.ConfigureAwait(false);
            return (refusal, Task.CompletedTask);
        }

        _isListening = true;
        return (null, ListenAsync(client, ended, stop));
    }

    private void Take(MqttMessage message) => Message(message, message.Retain);

    private async Task ListenAsync(MqttClient client, Task<MqttClose> ended, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stop.Register(stopped.SetResult);
        while (true)
        {
            if (await Task.WhenAny(ended, stopped.Task).ConfigureAwait(false) == stopped.Task)
            {
                await LeaveAsync(client, ended).ConfigureAwait(false);
                return;
            }

            _isListening = false;
            Losses++;
            _problem = (await ended.ConfigureAwait(false)).Text;
            try
            {
                (client, ended) = await ReturnAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Until the line is up again.</summary>
    private async Task<(MqttClient Client, Task<MqttClose> Ended)> ReturnAsync(CancellationToken stop)
    {
        while (true)
        {
            var (client, failure) = await ConnectAsync(clean: false, stop).ConfigureAwait(false);
            if (client is not null)
            {
                if (!client.SessionPresent)
                {
                    Interrupted();
                }

                var ended = client.RunAsync(new DeliveringHandler(Take), CancellationToken.None);
                var isBack = false;
                try
                {
                    failure = client.SessionPresent ? null : await SubscribeAsync(client, stop).ConfigureAwait(false);
                    isBack = failure is null;
                }
                finally
                {
                    if (!isBack)
                    {
                        client.Disconnect();
                        await ended.ConfigureAwait(false);
                    }
                }

                if (isBack)
                {
                    _problem = null;
                    _isListening = true;
                    return (client, ended);
                }
            }

            _problem = failure;
            await Task.Delay(s_retry, time, stop).ConfigureAwait(false);
        }
    }

    private async Task<(MqttClient? Client, string? Failure)> ConnectAsync(bool clean, CancellationToken cancellation)
    {
        string? problem = null;
        foreach (var server in servers)
        {
            // Before 5.0 a session that is kept is kept for ever: nobody would ever remove ours.
            var (client, failure) = await MqttClient.ConnectAsync(
                server with { CleanStart = clean || server.Version != ProtocolVersion.V500, SessionExpirySeconds = clean ? 0 : SessionSeconds }, time, cancellation).ConfigureAwait(false);
            if (client is not null)
            {
                return (client, null);
            }

            problem = problem is null ? failure!.Text : $"{problem}; {failure!.Text}";
        }

        return (null, problem);
    }

    private static async Task CloseAsync(MqttClient client)
    {
        var ended = client.RunAsync(new DeliveringHandler(static _ => { }), CancellationToken.None);
        client.Disconnect();
        await ended.ConfigureAwait(false);
    }

    private async Task<string?> SubscribeAsync(MqttClient client, CancellationToken cancellation)
    {
        // Without Retain As Published: the flag then tells what the broker had kept from what passes now (MQTT 5.0 §3.3.1.3).
        var codes = await client.SubscribeAsync([.. filters.Select(static f => new Subscription(f, QualityOfService.AtLeastOnce))], cancellation).ConfigureAwait(false);
        if (codes is null)
        {
            return "the broker closed the connection instead of answering the subscription";
        }

        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i].IsFailure())
            {
                return $"the broker refuses the subscription to {filters[i]} with 0x{(byte)codes[i]:X2} {codes[i]}: name what this user may read with --filter";
            }

            if (codes[i] == ReasonCode.Success)
            {
                return $"the broker grants {filters[i]} at QoS 0 only, at which it may drop messages: nothing could be proven";
            }
        }

        return null;
    }

    /// <summary>The broker shall not keep anything for somebody who does not come back.</summary>
    private async Task LeaveAsync(MqttClient client, Task<MqttClose> ended)
    {
        using var patience = new CancellationTokenSource(s_farewell, time);
        try
        {
            await client.UnsubscribeAsync(filters, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It does not answer; the session ends by itself.
        }

        client.Disconnect();
        await ended.ConfigureAwait(false);
    }
}
