namespace Gateway.Core;

/// <summary>Words for the values of a point: <c>enum: { 0: off, 1: on }</c>. Values and labels are each there once, so that either stands for the other.</summary>
public sealed class PointLabels : IEquatable<PointLabels>
{
    private readonly Dictionary<decimal, string> _labels;

    /// <param name="entries">Scaled value and label, as written.</param>
    public PointLabels(IReadOnlyList<KeyValuePair<decimal, string>> entries)
    {
        Entries = entries;
        _labels = entries.ToDictionary(e => e.Key, e => e.Value);
    }

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<KeyValuePair<decimal, string>> Entries { get; }

    /// <summary>The word for a value; null: it has none.</summary>
    public string? Of(in PointValue value) => value.Kind switch
    {
        PointValueKind.Exact => _labels.GetValueOrDefault(value.Exact),
        PointValueKind.Boolean => _labels.GetValueOrDefault(value.Boolean ? 1 : 0),
        _ => null,
    };

    /// <summary>The value that a word stands for.</summary>
    public bool TryValue(string label, out decimal value)
    {
        foreach (var entry in Entries)
        {
            if (entry.Value == label)
            {
                value = entry.Key;
                return true;
            }
        }

        value = 0;
        return false;
    }

    public bool Equals(PointLabels? other) => other is not null && Entries.SequenceEqual(other.Entries);

    public override bool Equals(object? obj) => Equals(obj as PointLabels);

    public override int GetHashCode() => Entries.Count;

    /// <summary>For people: <c>0 off, 1 on</c>.</summary>
    public override string ToString() => string.Join(", ", Entries.Select(e => $"{PointValue.Of(e.Key)} {e.Value}"));
}
