namespace Gateway.Mqtt;

/// <summary>What a client tells its owner. All calls come from the task that reads the socket, one after another; none may block or throw.</summary>
public interface IMqttClientHandler
{
    /// <summary>A message came. With a ticket it waits for <see cref="MqttClient.Acknowledge"/>.</summary>
    void OnMessage(MqttClient client, in ReceivedMessage message);

    /// <summary>The server answered a publish that was given this token.</summary>
    void OnPublished(MqttClient client, long token, ReasonCode reason);

    /// <summary>Everything that had arrived has been handed over: the moment to act on it as a whole.</summary>
    void OnBatchEnd(MqttClient client);
}

/// <param name="Message">The message, as the server sent it.</param>
/// <param name="Dup">The server may have sent it before.</param>
/// <param name="Ticket">What to acknowledge it with; 0 at QoS 0.</param>
public readonly record struct ReceivedMessage(MqttMessage Message, bool Dup, long Ticket);

/// <summary>Hands each message to a function and acknowledges it when that returns.</summary>
public sealed class DeliveringHandler(Action<MqttMessage> deliver) : IMqttClientHandler
{
    public void OnMessage(MqttClient client, in ReceivedMessage message)
    {
        deliver(message.Message);
        client.Acknowledge(message.Ticket, ReasonCode.Success);
    }

    public void OnPublished(MqttClient client, long token, ReasonCode reason)
    {
    }

    public void OnBatchEnd(MqttClient client)
    {
    }
}
