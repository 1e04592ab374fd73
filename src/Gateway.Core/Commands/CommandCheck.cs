namespace Gateway.Core;

/// <summary>Decides whether a command may be carried out, before anything is written.</summary>
public static class CommandCheck
{
    /// <summary>Finds the points of all values; the whole command is refused for one that is wrong.</summary>
    /// <returns>null and the writes in order, or the refusal.</returns>
    public static CommandAnswer? Resolve(
        DeviceOptions device, string id, CommandDocument document, out IReadOnlyList<(PointOptions Point, PointValue Value)> writes)
    {
        var resolved = new List<(PointOptions, PointValue)>(document.Set.Count);
        writes = resolved;
        foreach (var (name, value) in document.Set)
        {
            var point = device.Points.FirstOrDefault(p => p.Id == name);
            if (point is null)
            {
                return CommandAnswer.Rejected(id, CommandReason.UnknownPoint, $"{device.Id} has no point {name}; it has {string.Join(", ", device.Points.Select(p => p.Id))}");
            }

            if (point.Write is not { } bounds)
            {
                return CommandAnswer.Rejected(id, CommandReason.NotWritable, $"{name} has no write in the configuration");
            }

            if (OutOfRange(value, bounds) is { } problem)
            {
                return CommandAnswer.Rejected(id, CommandReason.OutOfRange, $"{name} {problem}");
            }

            resolved.Add((point, value));
        }

        return null;
    }

    private static string? OutOfRange(PointValue value, WriteOptions bounds)
    {
        if (!value.TryGetNumber(out var number))
        {
            return null;
        }

        return bounds.Min is { } min && (value.Kind == PointValueKind.Exact ? value.Exact < min : number < (double)min) ? $"must be at least {min}"
            : bounds.Max is { } max && (value.Kind == PointValueKind.Exact ? value.Exact > max : number > (double)max) ? $"must be at most {max}"
            : null;
    }
}
