using System.Globalization;

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

            if (Meant(point, value) is not { } meant)
            {
                return CommandAnswer.Rejected(id, CommandReason.WrongType, $"{name}: {value} is none of its values: {point.Labels}");
            }

            if (OutOfRange(meant, bounds) is { } problem)
            {
                return CommandAnswer.Rejected(id, CommandReason.OutOfRange, $"{name} {problem}");
            }

            resolved.Add((point, meant));
        }

        return null;
    }

    /// <summary>The value behind a label, or the number of a text where the point's values are texts. What has no label is not written to a point that has labels.</summary>
    /// <returns>null: it is none of the point's values.</returns>
    private static PointValue? Meant(PointOptions point, PointValue value)
    {
        if (point.Labels is { } labels)
        {
            return value.Kind == PointValueKind.Text && labels.TryValue(value.Text!, out var behind) ? PointValue.Of(behind)
                : labels.Of(value) is null ? null
                : value.Kind == PointValueKind.Boolean ? PointValue.Of(value.Boolean ? 1m : 0m)
                : value;
        }

        return point.AsText && value.Kind == PointValueKind.Text
            && decimal.TryParse(value.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? PointValue.Of(number)
            : value;
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
