using System.Threading.Channels;
using Gateway.Broker;
using Gateway.Mqtt;

namespace Gateway.Tests.Support;

/// <summary>A broker that only writes down what was published.</summary>
internal sealed class RecordingBroker : ILocalBroker
{
    public Channel<MqttMessage> Published { get; } = Channel.CreateUnbounded<MqttMessage>();

    /// <summary>Everything published since this was asked last, as <c>topic payload</c>.</summary>
    public IReadOnlyList<string> Take()
    {
        var lines = new List<string>();
        while (Published.Reader.TryRead(out var message))
        {
            lines.Add($"{message.Topic}{(message.Retain ? " (retained)" : "")} {System.Text.Encoding.UTF8.GetString(message.Payload.Span)}");
        }

        return lines;
    }

    public PublishResult Publish(MqttMessage message, bool acknowledged)
    {
        Published.Writer.TryWrite(message);
        return default;
    }

    public IDisposable Subscribe(string filter, Action<MqttMessage> deliver) => throw new NotSupportedException();

    public void Attach(IForwardTarget target) => throw new NotSupportedException();

    public void Attach(IPublishInterceptor interceptor) => throw new NotSupportedException();
}
