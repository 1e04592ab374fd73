using Gateway.Broker;
using Gateway.Core;
using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Diagnostics;

/// <summary>Tells people what needs a person: in the log, and on the gateway's alerts topic.</summary>
internal sealed class Alerts(ILocalBroker broker, TopicMapper topics, TimeProvider time, ILogger<Alerts> log)
{
    private static readonly byte[] s_schema = JsonPayload.Prepare("schema", "alert.v1");

    /// <param name="kind">Stable name for programs (<c>gap-refused</c>).</param>
    /// <param name="text">What happened.</param>
    /// <param name="remedy">What to do.</param>
    public void Raise(string kind, string text, string remedy)
    {
        AlertLog.Raised(log, kind, text, remedy);
        broker.Publish(
            new MqttMessage
            {
                Topic = topics.GatewayAlerts,
                Payload = JsonPayload.Open().Member("kind", kind).Member("text", text).Member("remedy", remedy)
                    .Member("ts", time.GetUtcNow().ToUnixTimeMilliseconds()).Member(s_schema).Close(),
                Qos = QualityOfService.AtLeastOnce,
                ReceivedAt = time.GetTimestamp(),
            },
            acknowledged: false);
    }
}

internal static partial class AlertLog
{
    [LoggerMessage(5300, LogLevel.Warning, "alert {Kind}: {Text}. {Remedy}")]
    public static partial void Raised(ILogger log, string kind, string text, string remedy);
}
