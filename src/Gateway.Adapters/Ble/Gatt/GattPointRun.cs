using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Adapters.Ble;

/// <summary>One characteristic's point: its bytes into readings, values into its bytes.</summary>
internal sealed class GattPointRun
{
    /// <summary>The longest characteristic (Core 5.4 Vol 3 Part F §3.2.9).</summary>
    public const int LongestValue = 512;

    private readonly HeardPointRun _run;
    private readonly DecodedValues _values = new();
    private readonly LayoutDecoder? _decoder;
    private readonly LayoutEncoder? _encoder;

    public GattPointRun(PointOptions options, long now)
    {
        (Options, Address, DueAt, _run) = (options, (GattPoint)options.Address, now, new(options, isEvent: false, now));
        if (Address.Layout is { } field)
        {
            var layout = new Layout([field]);
            (_decoder, _encoder) = (new(layout), new(layout));
        }
    }

    public PointOptions Options { get; }

    public GattPoint Address { get; }

    /// <summary>Timestamp of its next read; of one that is notified, of the read that begins it.</summary>
    public long DueAt { get; set; }

    /// <summary>The device tells it by itself now.</summary>
    public bool IsSubscribed { get; set; }

    /// <summary>What the bytes say.</summary>
    public Reading Take(ReadOnlyMemory<byte> bytes, long now, DateTimeOffset at)
    {
        _values.Clear();
        if (_decoder is not null)
        {
            var outcome = _decoder.Decode(bytes.Span, null, _values);
            if (_values.Count == 0)
            {
                return _run.Lose(outcome.Reason ?? $"{bytes.Length} bytes hold no {Address.Layout!.Shape}", at);
            }
        }
        else if (!GattCharacteristics.Find(Address.At.Characteristic)!.Read(bytes.Span, _values))
        {
            return _run.Lose($"{bytes.Length} bytes are not what the standard says of {BleUuid.Write(Address.At.Characteristic)}", at);
        }

        for (var i = 0; i < _values.Count; i++)
        {
            if (Address.Field is null || _values[i].Field == Address.Field)
            {
                return _run.Take(_values[i], now, at);
            }
        }

        return _run.Lose($"the characteristic does not say {Address.Field ?? "anything"}", at);
    }

    public Reading Lose(string reason, DateTimeOffset at) => _run.Lose(reason, at);

    /// <summary>The bytes that stand for a value.</summary>
    /// <returns>Why there are none; null: there are.</returns>
    public string? Encode(in PointValue value, out byte[] bytes)
    {
        var raw = Unscaled(value);
        var room = new byte[LongestValue];
        var problem = _encoder is null ? "its bytes are not described" : _encoder.Encode(_ => raw, null, room, out var length) is { } wrong ? wrong : Cut(length);
        bytes = room;
        return problem;

        string? Cut(int length)
        {
            Array.Resize(ref room, length);
            return null;
        }
    }

    private PointValue Unscaled(in PointValue value) =>
        Options.Scale == 1 && Options.Offset == 0 ? value
        : value.Kind == PointValueKind.Exact ? PointValue.Of((value.Exact - Options.Offset) / Options.Scale)
        : value.Kind is PointValueKind.Single or PointValueKind.Double && value.TryGetNumber(out var number) ? PointValue.Of((number - (double)Options.Offset) / (double)Options.Scale)
        : value;
}
