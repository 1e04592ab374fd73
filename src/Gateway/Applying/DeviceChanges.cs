using Gateway.Core;

namespace Gateway.Applying;

/// <summary>What changes in devices and their points.</summary>
internal static class DeviceChanges
{
    public static IEnumerable<string> Of(GatewayConfiguration before, GatewayConfiguration after, WrittenSections old, WrittenSections now)
    {
        foreach (var gone in before.Devices.ExceptBy(after.Devices.Select(d => d.Id), d => d.Id))
        {
            yield return $"- device {gone.Id} with {(gone.FindsPoints ? "whatever it says" : $"its {gone.Points.Count} points")}";
        }

        var plan = TopicPlan.Of(after);
        foreach (var device in after.Devices)
        {
            var earlier = before.Devices.FirstOrDefault(d => d.Id == device.Id);
            if (earlier is null)
            {
                yield return $"+ device {device.Id} on {device.Link.Id}";
            }
            else if (ReferenceEquals(earlier, device))
            {
                continue;
            }
            else
            {
                var lines = TreeDifference.Of(old.Entry("devices", device.Id), now.Entry("devices", device.Id), "points").Select(line => $"~ device {device.Id}  {line}")
                    .Concat(Points(earlier.Points, device, plan, old, now)).ToList();
                if (lines.Count == 0 && device.Template is { } template)
                {
                    // Nothing is written differently in the configuration itself.
                    lines.Add($"~ device {device.Id}  its template {template.Name} was changed");
                }

                foreach (var line in lines)
                {
                    yield return line;
                }

                continue;
            }

            foreach (var line in Points([], device, plan, old, now))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Points(
        IReadOnlyList<PointOptions> before, DeviceOptions device, IReadOnlyList<PlannedTopic> plan, WrittenSections old, WrittenSections now)
    {
        foreach (var gone in before.ExceptBy(device.Points.Select(p => p.Id), p => p.Id))
        {
            yield return $"- {device.Id}/{gone.Id}";
        }

        foreach (var point in device.Points)
        {
            if (before.FirstOrDefault(p => p.Id == point.Id) is not { } earlier)
            {
                yield return $"+ {device.Id}/{point.Id} {(point.Address.IsPolled ? $"every {ConfigurationWords.Duration(point.Every)}" : "when heard")} -> {TopicOf(device, point, plan)}{(point.Write is null ? "" : ", writable")}";
            }
            else if (!Sameness.Same(earlier, point))
            {
                foreach (var line in TreeDifference.Of(old.Point(device.Id, point.Id), now.Point(device.Id, point.Id)))
                {
                    yield return $"~ {device.Id}/{point.Id}  {line}";
                }
            }
        }
    }

    private static string TopicOf(DeviceOptions device, PointOptions point, IReadOnlyList<PlannedTopic> plan)
    {
        var own = plan.Where(t => t.Device == device.Id).ToList();
        return own.Find(t => t.Kind == "device-telemetry")?.Topic
            ?? own.Where(t => t.Kind == "telemetry").ElementAt(device.Points.ToList().FindIndex(p => p.Id == point.Id)).Topic;
    }
}
