using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>What one client may publish and be sent; never changed, only replaced.</summary>
/// <remarks>
/// Stages are asked one after the other: what one of them denies or grants stands, what it does not know goes to the next, and what none knows is denied.
/// That is Mosquitto's order: first the user's own rules, then the patterns; within each, denials first.
/// </remarks>
internal sealed class Rights
{
    /// <summary>Everything, without a look at any rule.</summary>
    public static readonly Rights All = new([]);

    public static readonly Rights None = new([]);

    private readonly Stage[] _stages;

    public Rights(IEnumerable<IReadOnlyList<AclRule>> stages) => _stages = [.. stages.Where(s => s.Count > 0).Select(s => new Stage(s))];

    /// <summary>No rule needs to be asked.</summary>
    public bool IsUnlimited => ReferenceEquals(this, All);

    /// <summary>Whether the client gets what is published to the topic.</summary>
    public bool MayRead(string topic) => IsUnlimited || Allows(topic, AclAccess.Read);

    /// <summary>Whether the client may publish to the topic.</summary>
    public bool MayWrite(string topic) => IsUnlimited || Allows(topic, AclAccess.Write);

    /// <summary>Whether a subscription to the filter can ever bring a message. (Several denials that only together leave nothing of it are not seen through: it then brings none.)</summary>
    public bool MaySubscribe(string filter)
    {
        if (IsUnlimited)
        {
            return true;
        }

        var denied = new List<string>();
        foreach (var stage in _stages)
        {
            denied.AddRange(stage.Denied);
            foreach (var (granted, access) in stage.Granted)
            {
                if (access.HasFlag(AclAccess.Read) && TopicFilter.Intersect(granted, filter) is { } left && !denied.Exists(d => TopicFilter.Covers(d, left)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool Allows(string topic, AclAccess access)
    {
        foreach (var stage in _stages)
        {
            if (stage.Judge(topic, access) is { } verdict)
            {
                return verdict;
            }
        }

        return false;
    }

    private sealed class Stage(IReadOnlyList<AclRule> rules)
    {
        public string[] Denied { get; } = [.. rules.Where(r => r.Access == AclAccess.Deny).Select(r => r.Filter)];

        public AclRule[] Granted { get; } = [.. rules.Where(r => r.Access != AclAccess.Deny)];

        /// <returns>null: no rule here matches.</returns>
        public bool? Judge(string topic, AclAccess access)
        {
            foreach (var filter in Denied)
            {
                if (TopicFilter.Matches(filter, topic))
                {
                    return false;
                }
            }

            foreach (var rule in Granted)
            {
                if ((rule.Access & access) != 0 && TopicFilter.Matches(rule.Filter, topic))
                {
                    return true;
                }
            }

            return null;
        }
    }
}
