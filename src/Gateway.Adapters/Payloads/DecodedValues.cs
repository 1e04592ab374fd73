using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>The values of one payload, in its order. Made once and filled again and again; bounded, because payloads come from strangers.</summary>
public sealed class DecodedValues
{
    /// <summary>64: more than any sensor of the supported formats says at once.</summary>
    public const int Most = 64;

    private readonly List<DecodedValue> _values = new(8);

    public int Count => _values.Count;

    public DecodedValue this[int index] => _values[index];

    /// <summary>Whether values were left out for want of room.</summary>
    public bool IsFull { get; private set; }

    public void Clear()
    {
        _values.Clear();
        IsFull = false;
    }

    public void Add(string field, in PointValue value, string? unit = null) => Add(new DecodedValue(field, value, unit));

    /// <summary>Something that happened, of which the same again is news again.</summary>
    public void AddEvent(string field, in PointValue value) => Add(new DecodedValue(field, value, IsEvent: true));

    /// <summary>A value that is there and cannot be believed.</summary>
    public void AddBad(string field, string error, string? unit = null) => Add(new DecodedValue(field, PointValue.None, unit, error));

    private void Add(in DecodedValue value)
    {
        if (_values.Count == Most)
        {
            IsFull = true;
            return;
        }

        _values.Add(value);
    }
}
