using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>A message in the queues of one or more sessions. The memory budget counts it once, until the last of them is done with it.</summary>
internal sealed class SharedMessage
{
    /// <summary>Objects around a message, roughly.</summary>
    private const int Overhead = 160;

    /// <summary>A slot of a queue.</summary>
    private const int SlotBytes = 32;

    /// <summary>Most bytes that a UTF-16 code unit takes in UTF-8.</summary>
    private const int BytesPerChar = 3;

    /// <summary>Identifier and length before each string of a property.</summary>
    private const int PropertyOverhead = 8;

    private readonly MemoryBudget _budget;
    private readonly long _counted;
    private int _references;

    /// <param name="message">The message.</param>
    /// <param name="references">How often <see cref="Release"/> will be called.</param>
    /// <param name="budget">Where it counts.</param>
    public SharedMessage(MqttMessage message, int references, MemoryBudget budget)
    {
        Message = message;
        Cost = CostOf(message);
        _budget = budget;
        _references = references;
        _counted = Cost + ((long)references * SlotBytes);
        budget.Add(_counted);
    }

    public MqttMessage Message { get; }

    /// <summary>See <see cref="CostOf"/>.</summary>
    public int Cost { get; }

    /// <summary>One session is done with it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _budget.Add(-_counted);
        }
    }

    /// <summary>Bytes in memory, rounded up so that no encoded PUBLISH of the message is ever larger.</summary>
    public static int CostOf(MqttMessage message)
    {
        var cost = Overhead + message.Payload.Length + (BytesPerChar * message.Topic.Length);
        var properties = message.Properties;
        if (ReferenceEquals(properties, MessageProperties.None))
        {
            return cost;
        }

        cost += (BytesPerChar * ((properties.ContentType?.Length ?? 0) + (properties.ResponseTopic?.Length ?? 0))) + (properties.CorrelationData?.Length ?? 0);
        for (var i = 0; i < properties.UserProperties.Count; i++)
        {
            var (name, value) = properties.UserProperties[i];
            cost += PropertyOverhead + (BytesPerChar * (name.Length + value.Length));
        }

        return cost;
    }
}
