namespace Gateway.Applying;

/// <summary>What everything else is built on: it changes with a restart of the process only.</summary>
internal static class RestartNeeds
{
    public static IEnumerable<string> Of(GatewayConfiguration before, GatewayConfiguration after, WrittenSections old, WrittenSections now)
    {
        if (before.Gateway != after.Gateway)
        {
            foreach (var line in TreeDifference.Of(old.Section("gateway"), now.Section("gateway")))
            {
                yield return $"gateway.{line}";
            }
        }

        if (before.Topics != after.Topics)
        {
            foreach (var line in TreeDifference.Of(old.Section("topics"), now.Section("topics")))
            {
                yield return $"topics.{line}";
            }
        }

        if (before.Broker.Limits != after.Broker.Limits)
        {
            foreach (var line in TreeDifference.Of(old.Section("broker", "limits"), now.Section("broker", "limits")))
            {
                yield return $"broker.limits.{line}";
            }
        }

        // That nobody wrote it is only of interest where its port is taken.
        if (before.Http with { IsDefault = false } != after.Http with { IsDefault = false })
        {
            foreach (var line in TreeDifference.Of(old.Section("http"), now.Section("http")))
            {
                yield return $"http.{line}";
            }
        }
    }
}
