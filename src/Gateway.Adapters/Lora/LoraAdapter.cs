using System.Buffers.Binary;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Lora;

/// <summary>One LoRa modem at work: its one task opens the port, sets the modem up, takes what it hears to the nodes' devices, and sends commands. Knows no make.</summary>
public sealed class LoraAdapter : IAdapter, IHearsStrangers, IModemListener
{
    /// <summary>256 packets within a second.</summary>
    private const int MostHeld = 256;

    private readonly LoraOptions _options;
    private readonly IReadOnlyList<DeviceOptions> _devices;
    private readonly LoraMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ModemPump _pump;
    private readonly LoraTransmitter _transmitter;
    private readonly StrangerBook _strangers = new();
    private readonly Newcomers _newcomers;
    private readonly DecodedValues _values = new();
    private readonly Dictionary<string, LoraDeviceRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<int, LoraDeviceRun> _byNode = [];

    /// <summary>Those for which commands wait: of a thousand nodes hardly one.</summary>
    private readonly List<LoraDeviceRun> _commanded = [];

    private LoraDeviceRun? _anyNode;
    private IReadingSink? _sink;
    private readonly CounterBook? _counters;
    private readonly HeldMessages<HeldPacket> _held;
    private volatile LinkStatus _status;
    private volatile string _airtime = "";
    private volatile int _online;
    private volatile int _count;
    private ModemFault? _fault;
    private bool _isUp;
    private string? _strangeLine;
    private long _checkedAt;

    /// <param name="options">The link.</param>
    /// <param name="devices">Its devices.</param>
    /// <param name="metrics">Its counters; owned from here on.</param>
    /// <param name="context">The gateway around it.</param>
    public LoraAdapter(LoraOptions options, IReadOnlyList<DeviceOptions> devices, LoraMetrics metrics, AdapterContext context)
    {
        (_options, _devices, _metrics, _time, _log) = (options, devices, metrics, context.Time, context.Logs.CreateLogger<LoraAdapter>());
        _pump = new(options.Serial, options.HasWatchdog ? options.CreateDialect() : new WithoutWatchdog(options.CreateDialect()), this, _time);
        _transmitter = new(options, _pump, metrics, context);
        _newcomers = new(options, options.Unknown, devices.Count(static d => d.FoundBy is not null), _log);
        _counters = devices.Any(static d => d.Address is LoraDevice { Key: not null }) ? CounterBook.Open(context) : null;
        _held = new(_counters, MostHeld, TakeHeld);
        _status = new(false, $"not yet connected to {options.Address}");
    }

    public LinkStatus Status
    {
        get
        {
            var status = _status;
            return !status.Connected ? status : status with { Text = $"{status.Text}; {_online} of {_count} devices heard{Unknown()}{_airtime}{Counters()}", Remedy = _counters?.Problem is null ? _transmitter.Remedy : CounterBook.Remedy };
        }
    }

    public IReadOnlyList<Stranger> Strangers => _strangers.All;

    public async Task RunAsync(IReadingSink sink, CancellationToken cancellation)
    {
        _sink = sink;
        Forget();
        foreach (var device in _devices)
        {
            Add(device);
        }

        try
        {
            await _pump.RunAsync(cancellation);
        }
        finally
        {
            _held.Rest();
            foreach (var run in _runs.Values)
            {
                run.Stop("the gateway is stopping");
            }
        }
    }

    public async ValueTask<WriteResult> WriteAsync(PointOptions point, PointValue value, CancellationToken cancellation)
    {
        if ((point.Address as LoraPoint)?.Command is not { } format)
        {
            return new(false, $"{point.Id} has no command", null);
        }

        if (format.Encode(value, out var payload) is { } problem)
        {
            return new(false, problem, null);
        }

        var command = new LoraCommand(point, value, format.Port, payload);
        if (!_pump.Post(() => Begin(command)))
        {
            return new(false, "busy: too many commands are waiting", null);
        }

        await using var given = cancellation.UnsafeRegister(
            static (c, _) => ((LoraCommand)c!).Result.TrySetResult(new(false, ((LoraCommand)c).Tries > 0 ? "no acknowledgement in time; whether it arrived is not known" : ((LoraCommand)c).WaitsFor ?? "the node was not reached in time", null)), command);
        return await command.Result.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync();
        _transmitter.Dispose();
        Forget();
        _metrics.Dispose();
    }

    void IModemListener.Packet(in HeardPacket packet)
    {
        _metrics.Packet();
        NodeFrame? frame = null;
        var payload = packet.Payload;
        var node = packet.From;
        if (_options.HasFrames)
        {
            if (NodeFrame.Parse(packet.Payload, out var parsed) is not null)
            {
                // Somebody else's packet on our channel.
                Stranger(null, packet, "not a frame");
                return;
            }

            if (parsed.IsFromGateway)
            {
                // Another gateway speaks to the node: nothing that the node says.
                return;
            }

            (frame, node) = (parsed, parsed.Node);
        }
        else if (_options.NodeBytes > 0)
        {
            if (payload.Length < _options.NodeBytes)
            {
                Stranger(null, packet, null);
                return;
            }

            node = _options.NodeBytes == 1 ? payload.Span[0] : BinaryPrimitives.ReadUInt16BigEndian(payload.Span);
            payload = payload[_options.NodeBytes..];
        }

        var run = node is { } number && _byNode.TryGetValue(number, out var known) ? known : _anyNode ?? (node is { } stranger && frame is not { IsEncrypted: true } ? LetIn(stranger) : null);
        if (run is null)
        {
            Stranger(node, packet, frame is { IsEncrypted: true } ? "encrypted" : null);
            return;
        }

        // In their order: what waits was heard before.
        _held.Release();
        if (run.Take(packet, payload, frame, _values))
        {
            run.Step();
        }
        else
        {
            // The memory of a packet is the modem's; what is held is our own.
            _held.Hold(new(run, packet, frame!.Value with { Payload = frame.Value.Payload.ToArray() }));
        }
    }

    void IModemListener.Changed(ModemFault? fault)
    {
        if (fault is null)
        {
            _status = new(true, $"the modem on {_options.Address} listens since {_time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}");
            if (!_isUp)
            {
                _log.ModemUp(_options.Id, _options.Address);
                foreach (var run in _runs.Values)
                {
                    run.Heard.LineUp();
                }
            }
        }
        else
        {
            // Another make answers something else than silence.
            fault = _strangeLine is { } line && fault.Reason.StartsWith("the modem ", StringComparison.Ordinal) ? fault with { Reason = $"{fault.Reason}; what is there says \"{line}\"" } : fault;
            _status = new(false, $"no modem on {_options.Address}: {fault.Reason}", fault.Remedy);
            _log.ModemDown(_options.Id, _options.Address, fault.Reason, fault.Remedy);
        }

        (_fault, _isUp, _strangeLine) = (fault, fault is null, null);
    }

    void IModemListener.Restarted()
    {
        _metrics.Restarted();
        _log.ModemRestarted(_options.Id);
    }

    void IModemListener.Noise(int bytes) => _metrics.Noise(bytes);

    void IModemListener.Unknown(string line)
    {
        _metrics.UnknownLine();
        if (!_isUp && line.Length is > 0 and <= 64 && line.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && (_strangeLine is null || line.Contains("err", StringComparison.OrdinalIgnoreCase)))
        {
            _strangeLine = line;
        }
    }

    void IModemListener.Passed()
    {
        _held.Release();
        for (var i = _commanded.Count - 1; i >= 0; i--)
        {
            _commanded[i].Step();
            if (!_commanded[i].HasCommands)
            {
                _commanded.RemoveAt(i);
            }
        }

        if (_time.GetElapsedTime(_checkedAt) >= TimeSpan.FromSeconds(1))
        {
            _checkedAt = _time.GetTimestamp();
            Check();
        }
    }

    /// <summary>The port is taken, so nobody else can list them.</summary>
    private string Unknown()
    {
        const int most = 8;
        var all = _strangers.All;
        return all.Count == 0 ? "" : $", {all.Count} unknown: {string.Join(", ", all.Reverse().Take(most).Select(static s => s.Rssi is { } rssi ? $"{s.Address} ({rssi} dBm)" : s.Address))}{(all.Count > most ? ", …" : "")}";
    }

    private void Check()
    {
        _transmitter.Step();
        _airtime = _transmitter.Text;
        var online = 0;
        foreach (var run in _runs.Values)
        {
            if (_fault is { } fault)
            {
                run.Heard.LineDown(fault.Reason, fault.Remedy);
            }
            else
            {
                run.Heard.Check();
            }

            online += run.Heard.IsOnline ? 1 : 0;
        }

        _online = online;
        if (_held.Step() is { } problem)
        {
            _log.CountersNotKept(_options.Id, problem, _counters!.Place);
        }
    }

    private bool TakeHeld(HeldPacket held)
    {
        if (!held.Run.Take(held.Packet, default, held.Frame, _values, isHeld: true))
        {
            return false;
        }

        held.Run.Step();
        return true;
    }

    private string Counters() => _counters?.Problem is { } problem ? $"; the counters of nodes with a key cannot be kept: {problem}" : "";

    private void Begin(LoraCommand command)
    {
        if (_runs.TryGetValue(command.Point.Device, out var run))
        {
            run.Enqueue(command);
            if (run.HasCommands && !_commanded.Contains(run))
            {
                _commanded.Add(run);
            }

            run.Step();
        }
        else
        {
            command.Result.TrySetResult(new(false, $"{command.Point.Device} is not on this link", null));
        }
    }

    private void Add(DeviceOptions device)
    {
        var run = new LoraDeviceRun(device, _options, _transmitter, _counters, _sink!, _metrics, _time, _log);
        _runs.Add(device.Id, run);
        _count = _runs.Count;
        if (run.Device.Node is { } node)
        {
            _byNode.TryAdd(node, run);
        }
        else
        {
            _anyNode ??= run;
        }
    }

    private void Stranger(int? node, in HeardPacket packet, string? name)
    {
        if (_options.Unknown.IsListed)
        {
            _strangers.Heard(node is { } number ? LoraOptions.NodeText(number) : "?", _time.GetTimestamp(), name, null, packet.Rssi is { } rssi ? (int)rssi : null);
        }
    }

    private LoraDeviceRun? LetIn(int node)
    {
        if (_newcomers.LetIn(LoraOptions.NodeText(node), () => new LoraDevice { Node = node }, _sink!) is not { } device || _runs.ContainsKey(device.Id))
        {
            return null;
        }

        Add(device);
        return _byNode[node];
    }

    private void Forget()
    {
        foreach (var run in _runs.Values)
        {
            run.Dispose();
        }

        _held.Clear();
        _runs.Clear();
        _commanded.Clear();
        _byNode.Clear();
        _anyNode = null;
    }

    /// <summary>A packet that waits for its counter to be on the disk.</summary>
    private readonly record struct HeldPacket(LoraDeviceRun Run, HeardPacket Packet, NodeFrame Frame);
}
