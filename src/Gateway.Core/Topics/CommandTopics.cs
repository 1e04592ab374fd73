using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core;

/// <summary>Tells command topics of known devices from all others, for every message that passes.</summary>
public sealed class CommandTopics
{
    private const string Marker = "\n";

    private readonly Dictionary<string, DeviceOptions> _documents = [];

    // {point} cuts the set topic in two: what stands before it finds the device, what stands after it must end the topic.
    private readonly Dictionary<string, (DeviceOptions Device, string Suffix)> _sets = [];

    private readonly int[] _prefixLengths;

    public CommandTopics(TopicMapper topics, IEnumerable<DeviceOptions> devices)
    {
        foreach (var device in devices)
        {
            _documents[topics.Command(device.Id)] = device;
            var parts = topics.Set(device.Id, Marker).Split(Marker);
            _sets[parts[0]] = (device, parts[1]);
        }

        _prefixLengths = [.. _sets.Keys.Select(k => k.Length).Distinct()];
    }

    /// <summary>Whether the topic commands a device of this gateway.</summary>
    /// <param name="topic">Topic name.</param>
    /// <param name="device">The device.</param>
    /// <param name="point">The point of a <c>set</c> topic, known or not; null: the payload is a document.</param>
    public bool TryMatch(string topic, [NotNullWhen(true)] out DeviceOptions? device, out string? point)
    {
        point = null;
        if (_documents.TryGetValue(topic, out device))
        {
            return true;
        }

        var sets = _sets.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var length in _prefixLengths)
        {
            if (topic.Length > length
                && sets.TryGetValue(topic.AsSpan(0, length), out var set)
                && topic.AsSpan(length).EndsWith(set.Suffix, StringComparison.Ordinal)
                && topic.AsSpan(length, topic.Length - length - set.Suffix.Length) is { IsEmpty: false } name
                && !name.Contains('/'))
            {
                device = set.Device;
                point = name.ToString();
                return true;
            }
        }

        return false;
    }
}
