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

    private readonly BleDevice _device;
    private readonly BleMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly DeviceKey? _key;
    private IBleDecoder? _decoder;
    private volatile bool _hasBeenHeard;

    public BleDeviceRun(DeviceOptions options, IReadingSink sink, BleMetrics metrics, TimeProvider time)
    {
        (_device, _metrics, _time) = ((BleDevice)options.Address, metrics, time);
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
    public void Take(Advertisement advertisement, DecodedValues values)
    {
        _hasBeenHeard = true;
        values.Clear();
        var outcome = Decode(advertisement, values);
        _metrics.Decoded(outcome.Status);
        if (outcome.Status == DecodeStatus.Refused)
        {
            Heard.Refused(outcome.Reason!, outcome.Remedy);
            return;
        }

        if (advertisement.Rssi is { } rssi)
        {
            values.Add(HeardFields.Rssi, PointValue.Of((decimal)rssi), "dBm");
        }

        if (outcome.Status == DecodeStatus.Decoded)
        {
            Heard.Heard(values);
        }
        else
        {
            Heard.HeardAgain(values);
        }
    }

    private DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        if (_device.Decoder == BleDevice.NoDecoder)
        {
            return DecodeOutcome.NotMine;
        }

        if (_decoder is null)
        {
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

            (Format, _decoder) = (format, format.Create(key, _time));
        }

        return _decoder.Decode(advertisement, values);
    }
}
