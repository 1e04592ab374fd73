using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>A kind of value, whatever format says it.</summary>
/// <param name="Name">A valid id; the same in every format.</param>
/// <param name="Unit">As people write it; null: it has none.</param>
/// <param name="Min">Less cannot be true.</param>
/// <param name="Max">More cannot be true.</param>
internal sealed record BleField(string Name, string? Unit = null, decimal Min = decimal.MinValue, decimal Max = decimal.MaxValue)
{
    /// <summary>Why a field has no value that the sensor itself marks as such.</summary>
    public const string NotAvailable = "not available";

    public const string NotConnected = "not connected";

    // No honest sensor has more of a kind; names beyond are made anew, so that nobody fills the memory with them.
    private const int MostKept = 8;

    private static readonly ConcurrentDictionary<(string Name, int Nth), string> s_numbered = new();

    /// <summary>Adds a value, as bad if it cannot be true.</summary>
    /// <param name="values">Where to.</param>
    /// <param name="value">In <see cref="Unit"/>.</param>
    /// <param name="nth">Which of its kind in the payload, from 1; 0: counted here.</param>
    public void Add(DecodedValues values, decimal value, int nth = 0)
    {
        var name = NameOf(values, nth);
        if (value < Min || value > Max)
        {
            values.AddBad(name, string.Create(CultureInfo.InvariantCulture, $"out of range: {value:0.############}"), Unit);
            return;
        }

        values.Add(name, PointValue.Of(value), Unit);
    }

    /// <summary>A float of the wire, which may be no number.</summary>
    public void AddSingle(DecodedValues values, float value)
    {
        if (!float.IsFinite(value))
        {
            values.AddBad(NameOf(values, 0), ValueRules.NotANumber, Unit);
        }
        else if (Math.Abs(value) < 1e15f && ((decimal)value < Min || (decimal)value > Max))
        {
            AddBad(values, string.Create(CultureInfo.InvariantCulture, $"out of range: {value:R}"));
        }
        else
        {
            values.Add(NameOf(values, 0), PointValue.Of(value), Unit);
        }
    }

    public void Add(DecodedValues values, bool value, int nth = 0) => values.Add(NameOf(values, nth), PointValue.Of(value), Unit);

    public void Add(DecodedValues values, string value, int nth = 0) => values.Add(NameOf(values, nth), PointValue.Of(value), Unit);

    public void AddBad(DecodedValues values, string error, int nth = 0) => values.AddBad(NameOf(values, nth), error, Unit);

    /// <summary>The value, or that the sensor has none.</summary>
    public void AddUnless(bool isMissing, DecodedValues values, decimal value)
    {
        if (isMissing)
        {
            AddBad(values, NotAvailable);
        }
        else
        {
            Add(values, value);
        }
    }

    private string NameOf(DecodedValues values, int nth)
    {
        if (nth == 0)
        {
            nth = 1;
            for (var i = 0; i < values.Count; i++)
            {
                var other = values[i].Field;
                nth += ReferenceEquals(other, Name) || (other.Length > Name.Length && other[Name.Length] == '-' && IsNumbered(other)) ? 1 : 0;
            }
        }

        return nth switch
        {
            <= 1 => Name,
            <= MostKept => s_numbered.GetOrAdd((Name, nth), static key => Numbered(key.Name, key.Nth)),
            _ => Numbered(Name, nth),
        };
    }

    private static string Numbered(string name, int nth) => string.Create(CultureInfo.InvariantCulture, $"{name}-{nth}");

    private bool IsNumbered(string other) => other.StartsWith(Name, StringComparison.Ordinal) && int.TryParse(other.AsSpan(Name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
