using System.Buffers.Binary;
using Gateway.Adapters.Lora;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>The far end of one LoRa link of a user's configuration: a modem of its make on a pseudo-terminal, and the nodes of its devices, which speak and answer commands.</summary>
public sealed class SimulatedRadio : IAsyncDisposable
{
    /// <summary>5 s: soon enough for somebody who looks on.</summary>
    public static readonly TimeSpan SpeakEvery = TimeSpan.FromSeconds(5);

    private readonly List<Node> _nodes = [];
    private readonly ModemPort _port;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private int _next;

    private SimulatedRadio(SimulatedModem modem, LoraOptions options, IReadOnlyList<DeviceOptions> devices, TimeProvider time)
    {
        (Modem, _time, _start) = (modem, time, time.GetTimestamp());
        foreach (var device in devices)
        {
            _nodes.Add(new((LoraDevice)device.Address, options));
        }

        _port = new(Modem);
        Modem.OnSent = Answer;
        Options = options with { Serial = options.Serial with { Path = _port.Device } };
        _timer = time.CreateTimer(_ => SpeakNow(), null, SpeakEvery / Math.Max(1, _nodes.Count), SpeakEvery / Math.Max(1, _nodes.Count));
    }

    /// <summary>The link as it must be configured to lead here.</summary>
    public LoraOptions Options { get; }

    public SimulatedModem Modem { get; }

    /// <param name="link">As configured.</param>
    /// <param name="devices">Its devices.</param>
    /// <param name="time">The clock.</param>
    /// <returns>null: no line can be made up that the pattern of a generic modem matches.</returns>
    /// <exception cref="IOException">The system has no pseudo-terminal left.</exception>
    public static SimulatedRadio? Start(LoraOptions link, IReadOnlyList<DeviceOptions> devices, TimeProvider time) =>
        ModemOf(link) is var modem and not SimulatedGeneric { IsPossible: false } ? new(modem, link, devices, time) : null;

    /// <summary>A modem of the make and with the settings of a link.</summary>
    public static SimulatedModem ModemOf(LoraOptions link) => link.Modem switch
    {
        ModemMake.Rylr896 or ModemMake.Rylr998 => new SimulatedReyax(),
        ModemMake.Rn2483 => new SimulatedMicrochip(),
        ModemMake.Rn2903 => new SimulatedMicrochip("RN2903"),
        ModemMake.LoraE5 => new SimulatedSeeed(),
        ModemMake.Rak3172 => new SimulatedRak(),
        ModemMake.Ebyte => new SimulatedTransparent(link.RssiByte, link.Channel is not null),
        _ => new SimulatedGeneric(link.Generic!),
    };

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _port.DisposeAsync();
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    /// <summary>The next node says something: one after the other.</summary>
    public void SpeakNow()
    {
        lock (_lock)
        {
            if (_nodes.Count > 0)
            {
                var node = _nodes[_next++ % _nodes.Count];
                var wave = _time.GetElapsedTime(_start);
                Modem.Hear(node.Packet(wave), node.Device.Node ?? 1, rssi: -70 - (int)(10 * Math.Sin(wave.TotalSeconds / 60)), snr: 7);
            }
        }
    }

    /// <summary>A node says that a command arrived, if it was asked for.</summary>
    private void Answer(SentPacket sent)
    {
        if (!Options.HasFrames || NodeFrame.Parse(sent.Payload, out var frame) is not null || !frame.WantsAcknowledgement)
        {
            return;
        }

        _ = Task.Run(async () =>
        {
            // The modem listens again once it has told that the packet went out.
            await Task.Delay(TimeSpan.FromMilliseconds(300), _time);
            lock (_lock)
            {
                if (_nodes.Find(n => n.Device.Node == frame.Node)?.Acknowledge(frame) is { } answer)
                {
                    Modem.Hear(answer);
                }
            }
        });
    }

    private sealed class Node : IDisposable
    {
        private readonly LoraOptions _options;
        private readonly NodeCipher? _cipher;

        // Seconds: a node with a key keeps its counter, and this one has no flash.
        private uint _counter = (uint)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 1_700_000_000);

        public Node(LoraDevice device, LoraOptions options)
        {
            (Device, _options) = (device, options);
            _cipher = device.Key?.TryRead(out _) is { Length: 2 * NodeCipher.KeyLength } digits && digits.All(char.IsAsciiHexDigit) ? new(Convert.FromHexString(digits)) : null;
        }

        public LoraDevice Device { get; }

        public byte[] Packet(TimeSpan elapsed)
        {
            var number = Device.Node ?? 1;
            var payload = NodePayload.Of(Device.Decoder ?? _options.Decoder, number, elapsed, out var port);
            return _options.HasFrames ? Frame(FrameKind.Data, port, payload)
                : _options.NodeBytes == 1 ? [(byte)number, .. payload]
                : _options.NodeBytes == 2 ? [(byte)(number >> 8), (byte)number, .. payload]
                : payload;
        }

        public byte[]? Acknowledge(NodeFrame command)
        {
            if (_cipher is not null && !_cipher.TryDecrypt(command, out command))
            {
                return null;
            }

            var counter = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(counter, command.Counter);
            return Frame(FrameKind.Acknowledgement, 0, counter);
        }

        public void Dispose() => _cipher?.Dispose();

        private byte[] Frame(FrameKind kind, byte port, byte[] payload)
        {
            var frame = new NodeFrame(kind, (ushort)(Device.Node ?? 1), _counter++, port, payload);
            return (_cipher?.Encrypt(frame) ?? frame).ToBytes();
        }
    }
}
