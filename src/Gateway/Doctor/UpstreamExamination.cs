using System.Runtime.CompilerServices;
using Gateway.Bridge;
using Gateway.Mqtt;

namespace Gateway.Doctor;

/// <summary>One way to the cloud, from the name to the login, under a client id of its own: the bridge is not disturbed.</summary>
internal sealed class UpstreamExamination(BridgeOptions bridge, UpstreamServer server, string gatewayId, Func<bool> isClockTrusted, TimeProvider time) : IExamination
{
    /// <summary>Ours is the only one that ends so.</summary>
    public const string ClientSuffix = "-doctor";

    private static readonly TimeSpan s_warnBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private string Part => $"bridge {bridge.Id}";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (UpstreamFiles.Check(bridge) is { } problem)
        {
            yield return new Finding(Part, Severity.Fault, problem, "correct the bridge's tls and password");
            yield break;
        }

        var options = new MqttClientOptions
        {
            Host = server.Host,
            Port = server.Port,
            Tls = server.Tls ? UpstreamFiles.Tls(bridge) ?? new TlsFiles() : null,
            Version = bridge.Protocol,
            ClientId = (bridge.ClientId ?? gatewayId) + ClientSuffix,
            Username = bridge.Username,
            Password = bridge.Password?.TryRead(out _),
            ConnectTimeout = s_patience,
            IsClockTrusted = isClockTrusted,
        };
        var started = time.GetTimestamp();
        var (client, failure) = await MqttClient.ConnectAsync(options, time, cancellation).ConfigureAwait(false);
        if (client is null)
        {
            var cause = BridgeProblem.Of(failure!);
            yield return new Finding(Part, Severity.Fault, $"{server}: {cause.Reason}", cause.Remedy, DueTo(failure!.Kind));
            yield break;
        }

        await using (client.ConfigureAwait(false))
        {
            yield return Finding.Good(Part, $"{server} takes {options.Username ?? "us"} as {options.ClientId} within {time.GetElapsedTime(started).TotalMilliseconds:0} ms");
            if (client.ServerCertificateEnd is { } end && end - time.GetUtcNow() < s_warnBefore)
            {
                yield return new Finding(Part, Severity.Warning, $"{server}: its certificate ends on {end:yyyy-MM-dd}", "tell whoever runs that broker");
            }

            await foreach (var refused in SubscribeAsync(client, cancellation).ConfigureAwait(false))
            {
                yield return refused;
            }
        }
    }

    private static string? DueTo(ConnectFailureKind kind) => kind switch
    {
        ConnectFailureKind.Dns or ConnectFailureKind.Unreachable or ConnectFailureKind.Timeout => NetworkExamination.Part,
        ConnectFailureKind.Tls => ClockExamination.Part,
        _ => null,
    };

    /// <summary>Asks for what the bridge imports: upstream's rights show in the answer.</summary>
    private async IAsyncEnumerable<Finding> SubscribeAsync(MqttClient client, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filters = bridge.Import.Where(static i => i.Preset is null).Select(static i => i.RemotePrefix + i.Filter).ToList();
        if (filters.Count == 0)
        {
            yield break;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = client.RunAsync(new Deaf(), stop.Token);
        using var patience = new CancellationTokenSource(s_patience, time);
        IReadOnlyList<ReasonCode>? codes = null;
        try
        {
            codes = await client.SubscribeAsync([.. filters.Select(static f => new Subscription(f, QualityOfService.AtLeastOnce))], patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // No answer in time: told below.
        }

        client.Disconnect();
        await reading.ConfigureAwait(false);
        if (codes is null)
        {
            yield return new Finding(Part, Severity.Fault, $"{server} did not answer a subscription within {s_patience.TotalSeconds:0} s", "look at the broker's log");
            yield break;
        }

        foreach (var (filter, code) in filters.Zip(codes).Where(static p => p.Second.IsFailure()))
        {
            yield return new Finding(Part, Severity.Fault, $"{server} refuses the subscription to {filter} with 0x{(byte)code:X2}", "allow this user to subscribe there");
        }
    }

    /// <summary>Takes nothing: what comes is left to the bridge.</summary>
    private sealed class Deaf : IMqttClientHandler
    {
        public void OnMessage(MqttClient from, in ReceivedMessage message)
        {
        }

        public void OnPublished(MqttClient from, long token, ReasonCode reason)
        {
        }

        public void OnBatchEnd(MqttClient from)
        {
        }
    }
}
