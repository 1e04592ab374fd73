using System.Text;
using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>Makes few messages of many, for a stream that has no room for all (<see cref="WhenFull.Downsample"/>). It knows payloads; the stream does not. For one thinning.</summary>
public interface IDigest
{
    /// <summary>Bytes on disk that what stands for all of them will take, rather more than less; also the measure of its memory.</summary>
    long Bytes { get; }

    /// <summary>Takes a message in.</summary>
    /// <param name="topic">The topic that upstream would see.</param>
    /// <param name="message">Neither retained nor with an expiry.</param>
    /// <returns>false: nothing can stand for it; it stays as it is.</returns>
    bool TryAdd(string topic, MqttMessage message);

    /// <summary>Makes fewer of what was taken in, by longer windows.</summary>
    /// <returns>false: they are the longest.</returns>
    bool Coarsen();

    /// <summary>What stands for all that was taken in, oldest first.</summary>
    IReadOnlyList<StandIn> Finish();
}

/// <summary>A message that stands for others.</summary>
/// <param name="Topic">The topic that upstream shall see.</param>
/// <param name="Message">The message.</param>
public readonly record struct StandIn(string Topic, MqttMessage Message)
{
    /// <summary>What a frame has beside topics, properties and payload.</summary>
    private const int Head = 48;

    /// <summary>At least the bytes that it takes in a commit.</summary>
    public long LengthBound => Head + Message.Payload.Length + Encoding.UTF8.GetByteCount(Message.Topic) + (Topic == Message.Topic ? 0 : Encoding.UTF8.GetByteCount(Topic))
        + PropertiesCodec.LengthBound(Message.Properties);
}
