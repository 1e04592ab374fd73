using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>One device that a scan hears: who it says it is, and what it says. Guarded by its <see cref="BleHearing"/>.</summary>
internal sealed class HeardAdvertiser(BleAddress address, KnownBleDevice? known, long firstHeardAt)
{
    private readonly SortedDictionary<string, DecodedValue> _values = new(StringComparer.Ordinal);
    private IBleDecoder? _decoder;

    public BleAddress Address => address;

    /// <summary>Its id in the configuration; null: it is not in it.</summary>
    public string? Id => known?.Id;

    public string? Name { get; private set; }

    public short? Rssi { get; private set; }

    public bool IsRandom { get; private set; }

    /// <summary>Advertisements.</summary>
    public int Count { get; private set; }

    /// <summary>Timestamps.</summary>
    public long FirstHeardAt { get; } = firstHeardAt;

    public long LastHeardAt { get; private set; }

    public IBleFormat? Format { get; private set; }

    /// <summary>Why what it says is not understood; null: it is, or nobody tries.</summary>
    public string? Refusal { get; private set; }

    public IReadOnlyCollection<DecodedValue> Values => _values.Values;

    /// <summary>Advertisements a minute.</summary>
    public double Rate(TimeProvider time) =>
        Count < 2 ? 0 : (Count - 1) / Math.Max(time.GetElapsedTime(FirstHeardAt, LastHeardAt).TotalMinutes, 1.0 / 60);

    /// <param name="advertisement">One of its.</param>
    /// <param name="values">To work with.</param>
    /// <param name="time">The clock.</param>
    public void Take(Advertisement advertisement, DecodedValues values, TimeProvider time)
    {
        Count++;
        LastHeardAt = advertisement.HeardAt;
        Name = advertisement.Name ?? Name;
        Rssi = advertisement.Rssi ?? Rssi;
        IsRandom = advertisement.IsRandom;
        if (_decoder is null)
        {
            // What the configuration describes is recognised by nobody else.
            Format = known?.Device.Decoding.Format ?? BleFormats.Recognise(advertisement);
            _decoder = Format?.Create(known?.KeyFor(Format), time);
        }

        if (_decoder is null)
        {
            return;
        }

        values.Clear();
        var outcome = _decoder.Decode(advertisement, values);
        Refusal = outcome.Status switch { DecodeStatus.Refused => outcome.Reason, DecodeStatus.Decoded => null, _ => Refusal };
        for (var i = 0; i < values.Count; i++)
        {
            _values[values[i].Field] = values[i];
        }
    }

    /// <summary><c>humidity 50.55 %, temperature 25.06 °C</c>, or why nothing is known.</summary>
    public string Says => Refusal ?? string.Join(", ", _values.Values.Select(static v => v.Error is { } error ? $"{v.Field} ({error})" : $"{v.Field} {Text(v.Value)}{(v.Unit is null ? "" : $" {v.Unit}")}"));

    private static string Text(in PointValue value) => value.Kind == PointValueKind.Text ? Words.Safe(value.Text!) : value.ToString();
}
