using System.Buffers.Binary;
using System.Globalization;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Lora;

/// <summary>One node at work: lets its frames in, understands its payloads, and takes commands to it. Belongs to the link's task.</summary>
internal sealed class LoraDeviceRun : IDisposable
{
    /// <summary>Field of how many packets of the node did not arrive since the start.</summary>
    public const string LostField = "lost-packets";

    /// <summary>32 bytes of a payload that is not understood: more than most have.</summary>
    private const int MostShown = 32;

    /// <summary>Sensors far away send every few minutes or once a day, and lose a packet now and then.</summary>
    public static readonly RhythmLimits Rhythm = new(TimeSpan.FromHours(2), TimeSpan.FromMinutes(1), TimeSpan.FromHours(49));

    private readonly LoraDevice _device;
    private readonly LoraOptions _options;
    private readonly LoraMetrics _metrics;
    private readonly ILoraTransmitter _transmitter;
    private readonly CounterBook? _counters;
    private readonly IPayloadDecoder _decoder;
    private readonly DeviceKey? _key;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private NodeGate? _gate;
    private CommandDesk? _desk;
    private string? _toldPart;
    private string? _refusedFor;
    private string? _refusedRemedy;

    public LoraDeviceRun(DeviceOptions device, LoraOptions options, ILoraTransmitter transmitter, CounterBook? counters, IReadingSink sink, LoraMetrics metrics, TimeProvider time, ILogger log)
    {
        (_device, _options, _transmitter, _counters, _metrics, _time, _log) = ((LoraDevice)device.Address, options, transmitter, counters, metrics, time, log);
        Heard = new(device, Rhythm, sink, time);
        _decoder = (_device.Decoder ?? options.Decoder).Create();
        _key = _device.Key is { } secret ? new(secret, "the key", time) : null;
    }

    public HeardDeviceRun Heard { get; }

    public LoraDevice Device => _device;

    /// <summary>A packet of this node.</summary>
    /// <param name="packet">What the modem delivered.</param>
    /// <param name="payload">What is in it for the decoder, without own frames.</param>
    /// <param name="frame">null: there are no frames.</param>
    /// <param name="values">To work with.</param>
    /// <param name="isHeld">It was taken before, and had to wait.</param>
    /// <returns>false: it is to be taken again when a second has passed (<see cref="CounterBook"/>).</returns>
    public bool Take(in HeardPacket packet, ReadOnlyMemory<byte> payload, NodeFrame? frame, DecodedValues values, bool isHeld = false)
    {
        values.Clear();
        if (!IsOpen(out var reason, out var remedy))
        {
            Refuse(reason, remedy);
            return true;
        }

        if (frame is null)
        {
            _desk!.Spoke();
            Decode(packet, payload, null, values);
            return true;
        }

        var outcome = _gate!.Enter(frame.Value);
        if (outcome.Reason is not null)
        {
            Refuse(outcome.Reason, outcome.Remedy);
            return true;
        }

        if (!isHeld)
        {
            // If it sleeps, it listens now, not when its counter is on the disk.
            _desk!.Spoke();
        }

        if (outcome.Verdict == CounterVerdict.Held)
        {
            return false;
        }

        _metrics.Lost(outcome.Missing ?? 0);
        Acknowledge(outcome.Frame);
        if (outcome.Frame.Kind == FrameKind.Acknowledgement && outcome.Frame.Payload.Length == 4)
        {
            _desk!.Acknowledged(BinaryPrimitives.ReadUInt32BigEndian(outcome.Frame.Payload.Span));
        }

        if (outcome.Verdict == CounterVerdict.Repeated || outcome.Frame.Kind != FrameKind.Data)
        {
            _metrics.Decoded("repeated");
            AddSignal(packet, values);
            Heard.HeardAgain(values);
        }
        else
        {
            Decode(packet, outcome.Frame.Payload, outcome.Frame.Port, values);
        }

        return true;
    }

    public void Enqueue(LoraCommand command)
    {
        if (IsOpen(out var reason, out _))
        {
            _desk!.Enqueue(command);
        }
        else
        {
            command.Result.TrySetResult(new(false, reason, null));
        }
    }

    /// <summary>Some wait, or are under way.</summary>
    public bool HasCommands => _desk is { HasCommands: true };

    public void Step() => _desk?.Step();

    public void Stop(string reason) => _desk?.Stop(reason);

    public void Dispose() => _gate?.Dispose();

    /// <summary>With frames there is a gate, and with a key nobody comes in before it is read.</summary>
    private bool IsOpen(out string reason, out string? remedy)
    {
        (reason, remedy) = ("", null);
        if (_desk is not null)
        {
            return true;
        }

        if (_options.HasFrames)
        {
            NodeCipher? cipher = null;
            KeptCounter? kept = null;
            var node = (ushort)(_device.Node ?? 0);
            if (_key is not null)
            {
                if (!_key.TryGet([NodeCipher.KeyLength], out var key, out reason, out var instead))
                {
                    remedy = instead;
                    return false;
                }

                // Of nodes every packet may be the only one for a long time: none of them is refused because a mark is ahead of it.
                kept = _counters!.Of(string.Create(CultureInfo.InvariantCulture, $"lora node {node}"), key.Span, TimeSpan.Zero);
                cipher = new(key.Span);
            }

            _gate = new(node, cipher, kept);
        }

        _desk = new(_device, _gate, _transmitter, _time, _log);
        return true;
    }

    private void Decode(in HeardPacket packet, ReadOnlyMemory<byte> payload, int? port, DecodedValues values)
    {
        var outcome = _decoder.Decode(payload.Span, port, values);
        _metrics.Decoded(outcome.Status switch { PayloadStatus.Decoded => "decoded", PayloadStatus.Partly => "partly", _ => "refused" });
        if (outcome.Status == PayloadStatus.Refused)
        {
            if (outcome.Reason != _refusedFor)
            {
                // Of the first of its kind: each would be another state of the device, and a message.
                var shown = Convert.ToHexString(payload.Span[..Math.Min(payload.Length, MostShown)]);
                (_refusedFor, _refusedRemedy) = (outcome.Reason, $"compare decoder with the node's manual; it sent {shown}{(payload.Length > MostShown ? "…" : "")}");
            }

            Heard.Refused(outcome.Reason!, outcome.Remedy ?? _refusedRemedy);
            return;
        }

        if (outcome.Reason != _toldPart)
        {
            _toldPart = outcome.Reason;
            if (outcome.Reason is { } reason)
            {
                _log.PartlyUnderstood(Heard.Options.Id, reason, outcome.Remedy ?? "compare decoder with what the node sends");
            }
        }

        AddSignal(packet, values);
        Heard.Heard(values);
    }

    private void Refuse(string reason, string? remedy)
    {
        _metrics.Decoded("refused");
        Heard.Refused(reason, remedy);
    }

    private void AddSignal(in HeardPacket packet, DecodedValues values)
    {
        if (packet.Rssi is { } rssi)
        {
            values.Add(HeardFields.Rssi, PointValue.Of(rssi), "dBm");
        }

        if (packet.Snr is { } snr)
        {
            values.Add(HeardFields.Snr, PointValue.Of(snr), "dB");
        }

        if (_gate is not null)
        {
            values.Add(LostField, PointValue.Of((decimal)_gate.Lost));
        }
    }

    /// <summary>A node that wants to know that its values arrived.</summary>
    private void Acknowledge(in NodeFrame frame)
    {
        if (!frame.WantsAcknowledgement || !_transmitter.IsReady)
        {
            return;
        }

        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, frame.Counter);
        if (_gate!.Make(FrameKind.Acknowledgement, 0, counter, wantsAcknowledgement: false, out var answer) is null && _transmitter.WaitFor(answer.Payload.Length + NodeFrame.Overhead) == TimeSpan.Zero)
        {
            _transmitter.Send(answer.ToBytes(), _device.Node ?? 0);
        }
    }
}
