using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Adapters.Ble;

/// <summary>One device at work: understands what it advertises. Belongs to the adapter's task.</summary>
internal sealed class BleDeviceRun
{
    /// <summary>Beacons speak many times a minute: five minutes before their rhythm is known; never less than 30 s, since a person walking past hides them for a while; sensors that sleep for a day.</summary>
    public static readonly RhythmLimits Rhythm = new(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), TimeSpan.FromHours(25));

    /// <summary>1 min: the marks of sensors that advertise all the time are written once a minute; what such a sensor says it says again.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly BleDevice _device;
    private readonly BleMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly DeviceKey? _key;
    private readonly CounterBook? _counters;
    private (IBleFormat Format, IBleDecoder Decoder)? _candidate;
    private IBleDecoder? _decoder;
    private KeptCounter? _kept;
    private volatile bool _hasBeenHeard;

    /// <param name="options">The device.</param>
    /// <param name="sink">Gets what it says.</param>
    /// <param name="metrics">Counts what is decoded.</param>
    /// <param name="counters">Keeps the counters of devices with a key; null: there are none.</param>
    /// <param name="time">The clock.</param>
    public BleDeviceRun(DeviceOptions options, IReadingSink sink, BleMetrics metrics, CounterBook? counters, TimeProvider time)
    {
        (_device, _metrics, _counters, _time) = ((BleDevice)options.Address, metrics, counters, time);
        Heard = new(options, Rhythm, sink, time);
        _key = _device.Key is { } secret ? new(secret, "the key", time) : null;
        Format = _device.Decoding.Format;
    }

    public HeardDeviceRun Heard { get; }

    public DeviceOptions Options => Heard.Options;

    public BleDevice Device => _device;

    /// <summary>It has been heard since the start. Any thread.</summary>
    public bool HasBeenHeard => _hasBeenHeard;

    /// <summary>Who understands it; null: nobody has yet, or nobody shall.</summary>
    public IBleFormat? Format { get; private set; }

    /// <param name="advertisement">Of this device.</param>
    /// <param name="values">To work with.</param>
    /// <returns>false: it is to be taken again when a second has passed (<see cref="CounterBook"/>).</returns>
    public bool Take(Advertisement advertisement, DecodedValues values)
    {
        _hasBeenHeard = true;
        values.Clear();
        var outcome = Decode(advertisement, values);
        if (outcome.Status == DecodeStatus.Held)
        {
            return false;
        }

        _metrics.Decoded(outcome.Status);
        if (outcome.Status == DecodeStatus.Refused)
        {
            Heard.Refused(outcome.Reason!, outcome.Remedy);
            return true;
        }

        if (advertisement.Rssi is { } rssi)
        {
            values.Add(HeardFields.Rssi, PointValue.Of((decimal)rssi), "dBm");
        }

        if (outcome.Status == DecodeStatus.Decoded)
        {
            if (_kept is not null && HasEvent(values))
            {
                _kept.TellsEvents();
            }

            Heard.Heard(values);
        }
        else
        {
            Heard.HeardAgain(values);
        }

        return true;
    }

    private DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        if (_device.Decoder == BleDevice.NoDecoder)
        {
            return DecodeOutcome.NotMine;
        }

        if (_decoder is not null)
        {
            return _decoder.Decode(advertisement, values);
        }

        var format = Format ?? BleFormats.Recognise(advertisement);
        if (format is null)
        {
            return DecodeOutcome.NotMine;
        }

        ReadOnlyMemory<byte>? key = null;
        if (_key is not null)
        {
            if (format.KeyLengths.Count == 0)
            {
                // Not settled: whoever imitates its address with a beacon must not decide what it is.
                return DecodeOutcome.Refused($"a key is configured, and {format.Name} has no encryption", "remove key, or name the decoder");
            }

            if (!_key.TryGet(format.KeyLengths, out var bytes, out var reason, out var remedy))
            {
                return DecodeOutcome.Refused(reason, remedy);
            }

            key = bytes;
        }

        if (_candidate?.Format != format)
        {
            _kept = key is { } secret ? _counters!.Of($"{format.Name} {Identity}", secret.Span, Ahead) : null;
            _candidate = (format, format.Create(key, _time, _kept));
        }

        var decoder = _candidate.Value.Decoder;
        var outcome = decoder.Decode(advertisement, values);
        if (_key is null || outcome.Status is DecodeStatus.Decoded or DecodeStatus.Repeated or DecodeStatus.Held)
        {
            // With a key, only who has it decides what the device is.
            (Format, _decoder, _candidate) = (format, decoder, null);
        }

        return outcome;
    }

    private static bool HasEvent(DecodedValues values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].IsEvent)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What stays when it is renamed in the configuration.</summary>
    private string Identity => _device.Address?.ToString() ?? $"device {Options.Id}";
}
