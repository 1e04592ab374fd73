using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>A device whose format the configuration describes: its fields move as far as their bits allow.</summary>
internal sealed class DescribedTag : ITagFormat
{
    private const int MostBytes = 24;

    private readonly DescribedFormat _format;
    private readonly LayoutEncoder _encoder;
    private readonly Dictionary<string, (LayoutField Field, Swing Value)> _fields = new(StringComparer.Ordinal);

    public DescribedTag(DescribedFormat format)
    {
        (_format, _encoder) = (format, new(format.Layout));
        foreach (var field in format.Layout.Fields.Concat(format.Layout.Cases.Take(1).SelectMany(static c => c.Fields)))
        {
            _fields.TryAdd(field.Id, (field, new(0, 100, _fields.Count)));
        }
    }

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var data = new byte[MostBytes];
        if (_encoder.Encode(name => Value(name, elapsed), null, data, out var length) is not null)
        {
            // What does not fit its bits is sent as 0, so that the device is there all the same.
            length = _encoder.Encode(name => Value(name, TimeSpan.MinValue), null, data, out length) is null ? length : 0;
        }

        _format.Source.StartsWith.Span.CopyTo(data);
        var said = data.AsSpan(0, Math.Max(length, _format.Source.StartsWith.Length));
        if (_format.Source.Company is { } company)
        {
            report.Manufacturer(company, said);
        }
        else
        {
            report["service"] = new JsonObject { [BleUuid.Write(_format.Source.Service!.Value)] = Convert.ToHexString(said) };
        }
    }

    /// <param name="name">The field.</param>
    /// <param name="elapsed">Since the start; before it: 0.</param>
    private PointValue? Value(string name, TimeSpan elapsed)
    {
        if (!_fields.TryGetValue(name, out var known))
        {
            return null;
        }

        var (field, value) = known;
        if (name == _format.Layout.Choose && _format.Layout.Cases is [{ When: [var chosen, ..] }, ..])
        {
            return PointValue.Of(chosen);
        }

        var number = elapsed < TimeSpan.Zero ? 0 : Math.Round((decimal)value.At(elapsed) / field.Scale) * field.Scale;
        return field.Shape.Type switch
        {
            LayoutType.Bool => PointValue.Of(number > 50),
            LayoutType.String => PointValue.Of("sim"),
            LayoutType.Bytes => PointValue.Of(new string('0', 2 * Math.Max(field.Shape.Length, 1))),
            LayoutType.Float16 or LayoutType.Float32 or LayoutType.Float64 => PointValue.Of((double)number),
            _ when field.Labels is { Entries: [var (_, label), ..] } => PointValue.Of(label),
            _ => PointValue.Of(number + field.Offset),
        };
    }
}
