using System.Threading.Channels;
using Gateway.Mqtt;

namespace Gateway.Tests.Mqtt.Client;

/// <summary>Writes down what a client tells.</summary>
internal sealed class RecordingHandler : IMqttClientHandler
{
    private readonly Channel<ReceivedMessage> _messages = Channel.CreateUnbounded<ReceivedMessage>();
    private readonly Channel<(long, ReasonCode)> _published = Channel.CreateUnbounded<(long, ReasonCode)>();

    public Task<ReceivedMessage> MessageAsync() => _messages.Reader.ReadAsync().AsTask().Soon();

    public Task<(long Token, ReasonCode Reason)> PublishedAsync() => _published.Reader.ReadAsync().AsTask().Soon();

    public void OnMessage(MqttClient client, in ReceivedMessage message) => _messages.Writer.TryWrite(message);

    public void OnPublished(MqttClient client, long token, ReasonCode reason) => _published.Writer.TryWrite((token, reason));

    public void OnBatchEnd(MqttClient client)
    {
    }
}
