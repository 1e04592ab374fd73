namespace Gateway.Adapters.Heard;

/// <summary>The counter of a device's encrypted messages, kept beyond its decoder.</summary>
public interface IMessageCounter
{
    /// <summary>The last one that was heard for certain; null: none.</summary>
    uint? Received { get; }

    /// <summary>Up to it counters may have been heard; null: none was.</summary>
    uint? Highest { get; }

    /// <summary>The longest silence between two messages.</summary>
    TimeSpan Quiet { get; set; }

    /// <summary>A message is about to be handed on, which is new and whose tag is right.</summary>
    /// <param name="counter">Its counter.</param>
    /// <param name="startedAnew">The device counts from the beginning, and is believed.</param>
    /// <returns>false: not yet, because it might be handed on again after a power cut; to be asked again when a second has passed.</returns>
    bool Take(uint counter, bool startedAnew = false);
}
