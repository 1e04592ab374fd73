using System.Text;
using Gateway.Mqtt;

namespace Gateway.Benchmarks.Outbox;

/// <summary>The message that everybody stores: 256 bytes of topic and payload.</summary>
internal static class Workload
{
    public const string Topic = "plant/line-7/telemetry/x";

    public const int Bytes = 256;

    public static readonly byte[] TopicBytes = Encoding.UTF8.GetBytes(Topic);

    public static readonly byte[] Payload = MakePayload();

    public static readonly MqttMessage Message = new() { Topic = Topic, Payload = Payload, Qos = QualityOfService.AtLeastOnce };

    private static byte[] MakePayload()
    {
        var payload = new byte[Bytes - Topic.Length];
        new Random(1).NextBytes(payload);
        return payload;
    }
}
