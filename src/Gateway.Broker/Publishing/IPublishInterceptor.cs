using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Broker;

/// <summary>Takes a message in before it is delivered, and says what must be durable before its publisher hears an acknowledgement.</summary>
public interface IPublishInterceptor
{
    /// <summary>Called on the publisher's thread after the loop guard. Must not block.</summary>
    Interception Intercept(MqttMessage message);
}

/// <param name="Handled">false: the message is none of its business.</param>
/// <param name="DropRetain">The message must not be stored as retained.</param>
/// <param name="Result">Status and LSN of what it wrote to the journal.</param>
public readonly record struct Interception(bool Handled, bool DropRetain, AppendResult Result)
{
    public static Interception None => default;
}
