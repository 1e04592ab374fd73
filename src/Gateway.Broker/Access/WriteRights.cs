using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Whether a connection's client may publish, remembered for the topics that it used last. For the connection's reader only.</summary>
internal sealed class WriteRights(Session session)
{
    /// <summary>As many as <see cref="TopicCache"/> holds: a sensor publishes to the same few for years.</summary>
    private const int KnownTopics = 64;

    /// <summary>UTF-16 units; a hostile client's longest topics are judged each time instead of being kept.</summary>
    private const int LongestKnown = 256;

    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);
    private Rights _of = session.Rights;
    private string? _last;
    private bool _lastMay;

    /// <summary>Whether the session's client may publish to the topic now.</summary>
    public bool May(string topic)
    {
        var rights = session.Rights;
        if (rights.IsUnlimited)
        {
            return true;
        }

        if (!ReferenceEquals(rights, _of))
        {
            _known.Clear();
            _last = null;
            _of = rights;
        }

        // The topic cache hands out the same string for the same topic.
        if (ReferenceEquals(topic, _last))
        {
            return _lastMay;
        }

        if (!_known.TryGetValue(topic, out var may))
        {
            may = rights.MayWrite(topic);
            if (topic.Length <= LongestKnown)
            {
                if (_known.Count == KnownTopics)
                {
                    _known.Clear();
                }

                _known.Add(topic, may);
            }
        }

        (_last, _lastMay) = (topic, may);
        return may;
    }
}
