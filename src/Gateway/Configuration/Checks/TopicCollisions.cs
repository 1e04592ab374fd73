using Gateway.Configuration;

namespace Gateway;

/// <summary>Two kinds of message on one topic: a reading would be taken for a command, or a status for a reading.</summary>
internal static class TopicCollisions
{
    public static void Check(GatewayConfiguration configuration, MapNode root, ProblemList problems)
    {
        var seen = new Dictionary<string, PlannedTopic>(StringComparer.Ordinal);
        var told = new HashSet<(string, string)>();
        foreach (var topic in TopicPlan.Of(configuration))
        {
            if (seen.TryAdd(topic.Topic, topic) || topic.Kind == seen[topic.Topic].Kind)
            {
                // The same kind twice on a topic is an id twice, which has been told.
                continue;
            }

            var other = seen[topic.Topic];
            if (told.Add((other.Kind, topic.Kind)))
            {
                problems.Error(
                    TopicPlan.At(root, topic.Kind),
                    $"the topic {topic.Topic} would carry both {other.Kind} and {topic.Kind}",
                    $"give topics: {topic.Kind} or topics: {other.Kind} a level of its own, or rename the point");
            }
        }
    }
}
