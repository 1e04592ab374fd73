using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>One connection's life: presence, subscriptions, sending, and an orderly end.</summary>
/// <remarks>It calls <c>standing</c> once upstream has answered all subscriptions: from then on nothing that it sends is missed.</remarks>
internal sealed class UpstreamSession(
    MqttClient client, ConnectPlan plan, BridgeSender sender, Importer importer, AlertGate alerts, BridgeContext context, Action standing) : IMqttClientHandler
{
    private volatile bool _storageFailed;
    private volatile bool _isIntroduced;

    /// <summary>Upstream has answered all subscriptions: what ends the connection from now on is not one of them.</summary>
    public bool IsIntroduced => _isIntroduced;

    /// <summary>The connection was given up because the journal takes nothing.</summary>
    public bool StorageFailed => _storageFailed;

    /// <summary>Runs until the connection ends; on cancellation it says goodbye.</summary>
    public async Task<MqttClose> RunAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var abort = new CancellationTokenSource();
        using var giveUp = context.Time.CreateTimer(static c => ((MqttClient)c!).Disconnect(), client, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        importer.Begin(client, () =>
        {
            _storageFailed = true;
            giveUp.Change(context.Tuning.StorageRetry, Timeout.InfiniteTimeSpan);
        });
        var reading = client.RunAsync(this, abort.Token);
        var presence = TellPresenceAsync(ConnectPlan.Online.ToArray(), ended.Token);
        var subscribing = SubscribeAsync(ended.Token);
        var sending = sender.RunAsync(client, () => _isIntroduced, ended.Token);
        try
        {
            // The sending task ends first only when it fails.
            await Task.WhenAny(reading, sending).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The bridge stops: below.
        }

        await ended.CancelAsync();
        try
        {
            await Task.WhenAll(presence, subscribing, sending);
        }
        catch
        {
            await client.DisposeAsync();
            await reading;
            importer.End();
            throw;
        }

        if (!reading.IsCompleted)
        {
            await SayGoodbyeAsync(reading, abort);
        }

        var close = await reading;
        importer.End();
        sender.End(client, BridgeProblem.IsBlamed(close));
        return close;
    }

    public void OnMessage(MqttClient from, in ReceivedMessage message) => importer.OnMessage(from, message);

    public void OnPublished(MqttClient from, long token, ReasonCode reason) => sender.OnPublished(token, reason);

    public void OnBatchEnd(MqttClient from) => sender.Wake();

    private async Task SubscribeAsync(CancellationToken cancellation)
    {
        using var patience = context.Time.CreateTimer(
            static s => ((UpstreamSession)s!).GiveUpSubscribing(), this, context.Tuning.AnswerTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            if (await importer.SubscribeAsync(client, cancellation))
            {
                _isIntroduced = true;
                sender.Wake();
                standing();
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended first.
        }
    }

    private void GiveUpSubscribing() => client.GiveUp($"has not answered a subscription for {context.Tuning.AnswerTimeout.TotalSeconds:0.#} s");

    private Task<bool> TellPresenceAsync(byte[] payload, CancellationToken cancellation) => TellAsync(plan.Presence(payload), cancellation);

    /// <summary>Publishes something of the gateway's own, retained, and waits for the answer.</summary>
    /// <returns>false: it did not go, or nobody answered.</returns>
    private async Task<bool> TellAsync(MqttMessage message, CancellationToken cancellation)
    {
        var retain = client.Limits.RetainAvailable;
        if (client.Limits.MaximumQos == QualityOfService.AtMostOnce)
        {
            return client.TryPublish(message, QualityOfService.AtMostOnce, retain, expiry: null) == SendStatus.Sent;
        }

        try
        {
            var answer = await client.PublishAsync(message, retain, cancellation);
            if (answer is { } reason && reason.IsFailure())
            {
                alerts.Raise("refused", message.Topic, $"upstream refuses what the gateway tells of itself on {message.Topic} with 0x{(byte)reason:X2} {reason}", "allow this client to publish there");
            }

            return answer is not null;
        }
        catch (OperationCanceledException)
        {
            // The connection ended first.
            return false;
        }
    }

    /// <summary>Presence, ledgers, DISCONNECT. The answer to the presence comes after those to everything before it, so the window drains, and the ledgers are the last word.</summary>
    private async Task SayGoodbyeAsync(Task reading, CancellationTokenSource abort)
    {
        using var farewell = new CancellationTokenSource(context.Tuning.Farewell, context.Time);
        var told = await TellPresenceAsync(ConnectPlan.Offline.ToArray(), farewell.Token);

        // Their answers too: closing with unread ones in the socket resets it, and upstream may never read the DISCONNECT.
        await Task.WhenAll(sender.LastLedgers(client).Select(l => TellAsync(l, farewell.Token)));

        // A retained "online" that nobody takes back would stand there for ever: then the will says it.
        client.Disconnect(told ? ReasonCode.Success : ReasonCode.DisconnectWithWill);
        try
        {
            await reading.WaitAsync(context.Tuning.Farewell, context.Time);
        }
        catch (TimeoutException)
        {
            await abort.CancelAsync();
        }
    }
}
