using System.Globalization;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>Decodes payloads as a layout describes them.</summary>
public sealed class LayoutDecoder(Layout layout) : IPayloadDecoder
{
    public PayloadOutcome Decode(ReadOnlySpan<byte> payload, int? port, DecodedValues values)
    {
        if (layout.Length is { } length && length != payload.Length)
        {
            return PayloadOutcome.Refused($"{payload.Length} bytes, and the layout is for {length}", "compare with the device's manual: other messages may need a case of their own");
        }

        var run = new Run(layout, payload, port, values);
        do
        {
            var began = run.Position;
            if (run.Once() is { } problem)
            {
                return PayloadOutcome.UpTo(values, run.Before, problem.Reason, problem.Remedy);
            }

            // A round that takes no byte would never end.
            if (run.Position <= began)
            {
                break;
            }
        }
        while (layout.Repeats && run.Position < payload.Length && !values.IsFull);

        return values.IsFull ? PayloadOutcome.UpTo(values, run.Before, $"more than {DecodedValues.Most} values") : PayloadOutcome.Decoded;
    }

    private ref struct Run(Layout layout, ReadOnlySpan<byte> payload, int? port, DecodedValues values)
    {
        private readonly ReadOnlySpan<byte> _payload = payload;
        private LayoutCursor _cursor;
        private decimal? _choice;

        public int Before { get; } = values.Count;

        public readonly int Position => _cursor.Position;

        /// <returns>Why it went no further; null: all fields were there.</returns>
        public (string Reason, string? Remedy)? Once()
        {
            _cursor.Restart();
            _choice = layout.Choose == Layout.Port ? port : null;
            if (All(layout.Fields) is { } problem)
            {
                return problem;
            }

            if (layout.Choose is null)
            {
                return null;
            }

            if (_choice is null)
            {
                return ($"there is no {layout.Choose} to choose by", layout.Choose == Layout.Port ? "choose by a field: this radio has no ports" : null);
            }

            if (layout.Case(_choice.Value) is { } chosen)
            {
                return All(chosen.Fields);
            }

            var number = _choice.Value.ToString(CultureInfo.InvariantCulture);
            return ($"{layout.Choose} is {number}, and no case is for it", $"add - {{ when: {number}, fields: […] }} to cases, or a case without when");
        }

        private (string Reason, string? Remedy)? All(IReadOnlyList<LayoutField> fields)
        {
            foreach (var field in fields)
            {
                if (One(field) is { } problem)
                {
                    return (problem, null);
                }
            }

            return null;
        }

        private string? One(LayoutField field)
        {
            var at = _cursor.Begin(field, _payload.Length);
            if (at < 0 || at > _payload.Length)
            {
                return Cut(field, at, field.Type.Width());
            }

            var length = field.Type.IsText() ? field.Shape.IsRest ? _payload.Length - at : field.Shape.Length : field.Type.Width();
            if (field.Shape.LengthIn is { } prefix)
            {
                if (_payload.Length - at < prefix.Width())
                {
                    return Cut(field, at, prefix.Width());
                }

                var told = LayoutIntegers.Read(_payload.Slice(at, prefix.Width()), field.IsLittleEndian);
                at += prefix.Width();
                length = (int)Math.Min(told, int.MaxValue);
            }

            if (_payload.Length - at < length)
            {
                return Cut(field, at, length);
            }

            var bytes = _payload.Slice(at, length);
            _cursor.End(at + length);
            decimal? raw = null;
            var problem = field.Type.IsText() ? LayoutValues.Text(field, bytes, out var value) : LayoutValues.Number(field, bytes, out value, out raw);
            _choice = field.Id == layout.Choose ? raw : _choice;
            if (!field.IsHidden)
            {
                Add(field, problem, value);
            }

            return null;
        }

        private readonly void Add(LayoutField field, string? problem, in PointValue value)
        {
            var name = FieldNames.Unique(values, Before, field.Id);
            if (problem is null)
            {
                values.Add(name, value, field.Unit);
            }
            else
            {
                values.AddBad(name, problem, field.Unit);
            }
        }

        private readonly string Cut(LayoutField field, int at, int length) =>
            at < 0 ? $"cut off: {field.Id} begins {-field.At} bytes before the end, and there are {_payload.Length}"
            : $"cut off: {field.Id} takes {length} byte{(length == 1 ? "" : "s")} from byte {at} on, and there are {_payload.Length}";
    }
}
