using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>What a simulated node sends: plausible values that move, in the format that its device is configured for.</summary>
internal static class NodePayload
{
    /// <param name="format">As configured.</param>
    /// <param name="number">Of the node: nodes differ.</param>
    /// <param name="elapsed">Since the start.</param>
    /// <param name="port">The port that the payload belongs on.</param>
    public static byte[] Of(PayloadFormat format, int number, TimeSpan elapsed, out byte port)
    {
        var wave = Math.Sin((elapsed.TotalSeconds / 120) + number);
        var temperature = (decimal)Math.Round(21 + (4 * wave), 1);
        var humidity = (decimal)Math.Round(45 - (10 * wave));
        port = 0;
        if (format.Layout is { } layout)
        {
            return Layout(layout, wave, out port);
        }

        if (format == PayloadFormat.Json)
        {
            return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"temperature\":{temperature},\"humidity\":{humidity}}}"));
        }

        if (format == PayloadFormat.Text)
        {
            return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"temperature={temperature}C,humidity={humidity}%"));
        }

        var cayenne = new byte[] { 3, 103, 0, 0, 4, 104, (byte)(humidity * 2) };
        BinaryPrimitives.WriteInt16BigEndian(cayenne.AsSpan(2), (short)(temperature * 10));
        return cayenne;
    }

    private static byte[] Layout(Layout layout, double wave, out byte port)
    {
        var chosen = layout.Cases.FirstOrDefault(static c => c.When is not null) ?? layout.Cases.FirstOrDefault();
        var choice = chosen?.When?[0] ?? 0;
        port = layout.Choose == Adapters.Payloads.Layout.Port ? (byte)choice : (byte)0;
        var fields = layout.Fields.Concat(chosen?.Fields ?? []).ToDictionary(static f => f.Id);
        Span<byte> bytes = stackalloc byte[222];
        var problem = new LayoutEncoder(layout).Encode(id => fields.TryGetValue(id, out var field) ? id == layout.Choose ? PointValue.Of((choice * field.Scale) + field.Offset) : Value(field, wave) : null, port, bytes, out var length);

        // A layout whose fields lie at the end cannot be made without knowing it: zeros are as good as anything.
        return problem is null ? bytes[..length].ToArray() : new byte[layout.Length ?? 16];
    }

    private static PointValue Value(LayoutField field, double wave)
    {
        if (field.Labels is { } labels)
        {
            return PointValue.Of(labels.Entries[0].Value);
        }

        var type = field.Shape.Type;
        if (type is LayoutType.String or LayoutType.Bytes)
        {
            return PointValue.Of(type == LayoutType.String ? "ok" : new string('0', 2 * Math.Max(1, field.Shape.Length)));
        }

        if (type is LayoutType.Bool)
        {
            return PointValue.Of(wave > 0);
        }

        if (type is LayoutType.Float16 or LayoutType.Float32 or LayoutType.Float64)
        {
            return PointValue.Of(Math.Round(20 + (5 * wave), 2));
        }

        // Within the lower half of what its bits can say.
        var (_, max) = LayoutIntegers.Range(field);
        var middle = Math.Min(max / 4, 1000);
        return PointValue.Of((decimal.Round(middle + (middle / 2 * (decimal)wave)) * field.Scale) + field.Offset);
    }
}
