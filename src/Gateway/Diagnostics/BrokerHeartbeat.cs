using Gateway.Broker;
using Gateway.Mqtt;

namespace Gateway.Diagnostics;

/// <summary>Sends a message through the broker's dispatch and waits for it on the other side.</summary>
internal sealed class BrokerHeartbeat(ILocalBroker broker) : IHeartbeat
{
    // $ topics are never bridged, and no client's wildcard sees them.
    private const string Topic = "$SYS/gateway/heartbeat";

    private static readonly byte[] s_payload = "1"u8.ToArray();

    public string Name => "broker";

    public async ValueTask<bool> IsBeatingAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var beat = Task.Run(
            () =>
            {
                using (broker.Subscribe(Topic, _ => heard.TrySetResult()))
                {
                    broker.Publish(new MqttMessage { Topic = Topic, Payload = s_payload }, acknowledged: false);
                }
            },
            cancellation);
        try
        {
            await Task.WhenAll(beat, heard.Task).WaitAsync(patience, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
