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

    private HeardPointRun _run;
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

    /// <summary>As configured; with the standard's unit once it is known, if the configuration says none.</summary>
    public PointOptions Options { get; private set; }

    public GattPoint Address { get; }

    /// <summary>Timestamp of its next read; of one that is notified, of the read that begins it.</summary>
    public long DueAt { get; set; }

    /// <summary>The device tells it by itself now.</summary>
    public bool IsSubscribed { get; set; }

    /// <summary>Has the sink know what the bytes say.</summary>
    public Reading Report(ReadOnlyMemory<byte> bytes, IReadingSink sink, long now, DateTimeOffset at)
    {
        var before = Options;
        var reading = Take(bytes, now, at);
        if (!ReferenceEquals(before, Options))
        {
            sink.Found(Options);
        }

        sink.Report(reading);
        return reading;
    }

    private Reading Take(ReadOnlyMemory<byte> bytes, long now, DateTimeOffset at)
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
                LearnUnit(_values[i].Unit, now);
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

    private void LearnUnit(string? unit, long now)
    {
        if (Options.Unit is null && unit is not null && Options is { Scale: 1, Labels: null })
        {
            Options = Options with { Unit = unit };
            _run = new(Options, isEvent: false, now);
        }
    }

    private PointValue Unscaled(in PointValue value) =>
        Options.Scale == 1 && Options.Offset == 0 ? value
        : value.Kind == PointValueKind.Exact ? PointValue.Of((value.Exact - Options.Offset) / Options.Scale)
        : value.Kind is PointValueKind.Single or PointValueKind.Double && value.TryGetNumber(out var number) ? PointValue.Of((number - (double)Options.Offset) / (double)Options.Scale)
        : value;
}
