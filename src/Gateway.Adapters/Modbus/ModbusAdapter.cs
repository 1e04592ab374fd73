using System.Runtime.CompilerServices;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Modbus;

/// <summary>One Modbus line at work: its one task, or thread, opens the line, polls what is due and carries out writes ahead of polls, until a poll is late: then they take turns. Knows nothing of what carries the bytes.</summary>
public sealed class ModbusAdapter : IAdapter, IFieldAccess
{
    private readonly IModbusLink _link;
    private readonly ModbusLinkOptions _options;
    private readonly ModbusMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly WakeSignal _wake;
    private readonly WriteQueue _writes;
    private readonly AccessQueue _access;
    private readonly LineKeeper _line;
    private readonly LineLoad _load;
    private readonly List<ModbusUnit> _units = [];
    private readonly Dictionary<string, DeviceRun> _devices = new(StringComparer.Ordinal);
    private ModbusUnit? _everybody;
    private PresenceBoard? _presence;

    /// <param name="link">Carries the bytes; owned from here on.</param>
    /// <param name="options">The line.</param>
    /// <param name="devices">Its devices.</param>
    /// <param name="metrics">Its counters; owned from here on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Gets transitions.</param>
    public ModbusAdapter(IModbusLink link, ModbusLinkOptions options, IReadOnlyList<DeviceOptions> devices, ModbusMetrics metrics, TimeProvider time, ILogger log)
    {
        (_link, _options, _metrics, _time, _log) = (link, options, metrics, time, log);
        _wake = new(time, link.Blocks);
        _writes = new(_wake.Set);
        _access = new(_wake.Set, time);
        _line = new(link, options, metrics, time, log);
        foreach (var device in devices)
        {
            Add(device);
        }

        _load = new([.. _devices.Values], metrics, time);
    }

    public LinkStatus Status
    {
        get
        {
            var status = _line.Status;
            if (!status.Connected)
            {
                return status;
            }

            if (_presence?.Offline is > 0 and var offline)
            {
                status = status with { Text = $"{status.Text}; {offline} of {_devices.Count} devices do not answer" };
            }

            return _load.IsOverloaded
                ? status with { Text = $"{status.Text}; the line is {_load.Share:P0} full: polls come late and some are left out", Remedy = OverloadRemedy.Of(_options) }
                : status;
        }
    }

    public async Task RunAsync(IReadingSink sink, CancellationToken cancellation)
    {
        var presence = _presence = new(_units, Ticks.Of(_time, _options.Timeout * (1 + _options.ReadRetries)), sink);
        var schedule = new PollSchedule();
        var holes = new HoleFinder(schedule, _time, _log);
        var master = new ModbusMaster(_link, _options, _metrics, _time);
        var line = new LineWork(
            schedule, master, new(master, presence, _line, sink, _time, _log), new(master, _line),
            new(master, schedule, holes, presence, _line, _load, new(sink), _metrics, _time), presence);
        Begin(holes);
        try
        {
            using var stop = cancellation.UnsafeRegister(static wake => ((WakeSignal)wake!).Set(), _wake);
            if (_link.Blocks)
            {
                await LineThread.RunAsync($"modbus {_options.Id}", () => Work(line, cancellation));
                return;
            }

            while (!cancellation.IsCancellationRequested)
            {
                await StepAsync(line, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped while waiting for the line; what was on the wire is told as not known.
        }
        finally
        {
            // After a defect it is run again; who waits is served then.
            if (cancellation.IsCancellationRequested)
            {
                _writes.Stop();
                _access.Stop();
            }
        }
    }

    public ValueTask<FieldReply> AskAsync(FieldRequest request, CancellationToken cancellation) =>
        AccessRules.WhyNot(request, _options, out var unit) is { } refusal ? ValueTask.FromResult(refusal) : _access.AddAsync(unit, request, cancellation);

    public string? Change(FieldRequest request) => AccessRules.Change(request);

    public async ValueTask<WriteResult> WriteAsync(PointOptions point, PointValue value, CancellationToken cancellation)
    {
        if (point.Address is not ModbusPoint address || !_devices.TryGetValue(point.Device, out var device))
        {
            return new(false, $"{point.Device} is not on this line", null);
        }

        if (!address.Space.IsWritable())
        {
            return new(false, $"{address.Space.Word()} registers cannot be written", null);
        }

        return WriteRequest.Of(device, point, value, out var problem) is { } request ? await _writes.AddAsync(request, cancellation) : new(false, problem, null);
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Stop();
        _access.Stop();
        await _link.DisposeAsync();
        _wake.Dispose();
        _metrics.Dispose();
    }

    /// <summary>One hour: a bound for the timer, nothing else.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    /// <summary>On the line's own thread. A step that went on elsewhere (a name was looked up) is waited for: the next one is this thread's again.</summary>
    private void Work(LineWork line, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var step = StepAsync(line, cancellation);
            if (step.IsCompleted)
            {
                step.GetAwaiter().GetResult();
            }
            else
            {
                step.AsTask().GetAwaiter().GetResult();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask StepAsync(LineWork line, CancellationToken cancellation)
    {
        var isUp = await _line.EnsureOpenAsync(cancellation);
        if (!isUp && _line.Fault is { } fault)
        {
            line.Presence.LineDown(fault);
        }
        else if (isUp && _everybody is not null)
        {
            // Nobody answers to everybody's address: it is there when the line is.
            line.Presence.Answered(_everybody);
        }

        var now = _time.GetTimestamp();
        ReviewLoad(now);
        PollBlock? block = null;
        var isTheirTurn = !(line.IsPollsTurn && line.Schedule.IsLate(now));
        if (isTheirTurn && _writes.TryTake(out var write))
        {
            // A connection that the device closed meanwhile would cost the write, which is never repeated.
            isUp = isUp && (_link.IsAlive() || await _line.EnsureOpenAsync(cancellation));
            await line.Writer.ExecuteAsync(write, isUp, cancellation);
            _load.Wrote(_time.GetTimestamp() - now);
            line.IsPollsTurn = true;
        }
        else if ((isTheirTurn && _access.TryTake(now, isIdle: false, out var asked)) || (!line.Schedule.TryTake(now, out block) && _access.TryTake(now, isIdle: true, out asked)))
        {
            isUp = isUp && (_link.IsAlive() || await _line.EnsureOpenAsync(cancellation));
            await line.Desk.ExecuteAsync(asked, isUp, cancellation);
            _load.Wrote(_time.GetTimestamp() - now);
            line.IsPollsTurn = true;
        }
        else if (block is null)
        {
            await _wake.WaitAsync(_time.GetElapsedTime(now, NextStep(line.Schedule, now, isUp)));
        }
        else if (!line.Poller.TryReportUnasked(block, isUp, now))
        {
            line.Poller.Conclude(block, await line.Master.ReadAsync(block.Device.Unit.Id, block.Read, cancellation), now);
            line.IsPollsTurn = false;
        }
    }

    private long NextStep(PollSchedule schedule, long now, bool isUp)
    {
        var next = Math.Min(schedule.NextDue, now + Ticks.Of(_time, LongestSleep));
        return isUp ? next : Math.Min(next, _line.NextTry);
    }

    private void Begin(HoleFinder holes)
    {
        var start = _time.GetTimestamp();
        var phases = new PollPhases(_devices.Values.Select(d => d.Options));
        foreach (var device in _devices.Values)
        {
            device.Begin();
            if (device.Unit == _everybody)
            {
                continue;
            }

            holes.Plan(device, device.Options.Points, start, every => phases.Second(device.Options.Id, every));
        }
    }

    private void ReviewLoad(long now)
    {
        if (!_load.Review(now))
        {
            return;
        }

        if (_load.IsOverloaded)
        {
            _log.LineOverloaded(_options.Id, _load.Share, OverloadRemedy.Of(_options));
        }
        else
        {
            _log.LineRelieved(_options.Id, _load.Share);
        }
    }

    private void Add(DeviceOptions options)
    {
        var address = (ModbusDevice)options.Address;
        var id = address.UnitId;
        var unit = _units.Find(u => u.Id == id);
        if (unit is null)
        {
            unit = new(id, new(_options.DegradeAfter, Ticks.Of(_time, UnitBreaker.FirstProbe), Ticks.Of(_time, _options.ProbeEvery)));
            _units.Add(unit);
            _everybody = id == 0 && _options.HasBroadcast ? unit : _everybody;
        }

        var device = new DeviceRun(options, unit, address.Plan.Over(_options.Limits));
        unit.Devices.Add(device);
        _devices.Add(options.Id, device);
    }

    /// <summary>What belongs to one run. Owned by the line's task.</summary>
    private sealed record LineWork(PollSchedule Schedule, ModbusMaster Master, ModbusWriter Writer, AccessDesk Desk, BlockPoller Poller, PresenceBoard Presence)
    {
        /// <summary>A write was last.</summary>
        public bool IsPollsTurn { get; set; }
    }
}
