using System.Threading.Channels;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Ble;

/// <summary>One controller's devices at work: its one task takes what the radio hears and what connections bring, in order. Knows nothing of what the radio is.</summary>
public sealed class BleAdapter : IAdapter, IHearsStrangers, IBleListener
{
    /// <summary>8,192: more than a second of the busiest hall, while the gateway does something else.</summary>
    private const int QueueCapacity = 8192;

    /// <summary>1,024 advertisements within a second or two.</summary>
    private const int MostHeld = 1024;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static readonly object s_tick = new();

    private readonly IBleRadio _radio;
    private readonly BleOptions _options;
    private readonly IReadOnlyList<DeviceOptions> _devices;
    private readonly BleMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly StrangerBook _strangers = new();
    private readonly Newcomers _newcomers;
    private readonly DecodedValues _values = new();
    private readonly Channel<object> _queue = Channel.CreateBounded<object>(new BoundedChannelOptions(QueueCapacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private volatile IReadOnlyDictionary<string, GattWorker> _workers = new Dictionary<string, GattWorker>();
    private volatile RadioState _heardState = new(false, "starting");
    private RadioState? _state;
    private DeviceBook _book;
    private readonly CounterBook? _counters;
    private readonly HeldMessages<(BleDeviceRun Run, Advertisement Advertisement)> _held;
    private IReadingSink? _sink;
    private volatile int _online;

    /// <param name="radio">Hears and connects; owned from here on.</param>
    /// <param name="options">The link.</param>
    /// <param name="devices">Its devices.</param>
    /// <param name="metrics">Its counters; owned from here on.</param>
    /// <param name="context">The gateway around it.</param>
    public BleAdapter(IBleRadio radio, BleOptions options, IReadOnlyList<DeviceOptions> devices, BleMetrics metrics, AdapterContext context)
    {
        (_radio, _options, _devices, _metrics, _time, _log) = (radio, options, devices, metrics, context.Time, context.Logs.CreateLogger<BleAdapter>());
        _book = new(_time);
        _newcomers = new(options, options.Unknown, devices.Count(static d => d.FoundBy is not null), _log);
        _counters = devices.Any(static d => d.Address is BleDevice { Key: not null }) ? CounterBook.Open(context) : null;
        _held = new(_counters, MostHeld, held => held.Run.Take(held.Advertisement, _values));
    }

    public LinkStatus Status
    {
        get
        {
            var state = _radio.State;
            var unknown = _strangers.All.Count;
            var text = !state.IsHearing ? state.Text
                : $"{state.Text}; {_online} of {_book.All.Count} devices heard{(unknown > 0 ? $", {unknown} unknown (edge-gateway scan ble lists them)" : "")}{Counters()}";
            return new(state.IsHearing, text, state.Remedy ?? (_counters?.Problem is null ? null : CounterBook.Remedy));
        }
    }

    public IReadOnlyList<Stranger> Strangers => _strangers.All;

    public async Task RunAsync(IReadingSink sink, CancellationToken cancellation)
    {
        _sink = sink;
        _held.Clear();
        var book = _book = new(_time);
        foreach (var device in _devices)
        {
            book.Add(new(device, sink, _metrics, _counters, _time));
        }

        var workers = book.All.Where(static r => r.Options.Points.Any(static p => p.Address is GattPoint))
            .ToDictionary(static r => r.Options.Id, r => new GattWorker(r, _radio, () => book.AddressOf(r), PostAsync, sink, _metrics, _time, _log));
        _workers = workers;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var timer = _time.CreateTimer(_ => _queue.Writer.TryWrite(s_tick), null, s_second, s_second);
        var duties = workers.Values.Select(w => w.RunAsync(stop.Token)).Append(_radio.RunAsync(this, stop.Token)).Append(TakeAllAsync(stop.Token)).ToList();
        try
        {
            // None of them ends by itself: one that does has a defect, of which the gateway is told.
            await await Task.WhenAny(duties);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(duties).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _held.Rest();
            if (cancellation.IsCancellationRequested)
            {
                Stop(workers.Values);
            }
        }
    }

    public ValueTask<WriteResult> WriteAsync(PointOptions point, PointValue value, CancellationToken cancellation) =>
        _workers.TryGetValue(point.Device, out var worker) ? worker.WriteAsync(point, value, cancellation) : ValueTask.FromResult(new WriteResult(false, $"{point.Device} has no characteristics to be written", null));

    public async ValueTask DisposeAsync()
    {
        Stop(_workers.Values);
        await _radio.DisposeAsync();
        _metrics.Dispose();
    }

    void IBleListener.Heard(Advertisement advertisement)
    {
        _metrics.Heard();
        if (!_queue.Writer.TryWrite(advertisement))
        {
            _metrics.Dropped();
        }
    }

    void IBleListener.Changed(RadioState state)
    {
        _heardState = state;
        _queue.Writer.TryWrite(s_tick);
    }

    private ValueTask PostAsync(Action work, CancellationToken cancellation) => _queue.Writer.WriteAsync(work, cancellation);

    private static void Stop(IEnumerable<GattWorker> workers)
    {
        foreach (var worker in workers)
        {
            worker.Stop();
        }
    }

    private async Task TakeAllAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var item in _queue.Reader.ReadAllAsync(cancellation))
            {
                TakeState();
                switch (item)
                {
                    case Advertisement advertisement:
                        Take(advertisement);
                        break;
                    case Action work:
                        work();
                        break;
                    default:
                        Check();
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private void TakeState()
    {
        var state = _heardState;
        if (state == _state)
        {
            return;
        }

        var wasHearing = _state?.IsHearing == true;
        _state = state;
        if (state.IsHearing)
        {
            _log.RadioUp(_options.Id, state.Text);
        }
        else if (state.Remedy is { } remedy)
        {
            // Without one nothing is wrong: it is only beginning.
            _log.RadioDown(_options.Id, state.Text, remedy);
        }

        if (state.IsHearing && !wasHearing)
        {
            foreach (var run in _book.All)
            {
                run.Heard.LineUp();
            }
        }
    }

    private void Check()
    {
        var online = 0;
        foreach (var run in _book.All)
        {
            if (_state is { IsHearing: false, Remedy: { } remedy } state)
            {
                run.Heard.LineDown(state.Text, remedy);
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

    private string Counters() => _counters?.Problem is { } problem ? $"; the counters of devices with a key cannot be kept: {problem}" : "";

    private void Take(Advertisement advertisement)
    {
        // In their order: what waits was heard before.
        _held.Release();
        if (_book.Find(advertisement) is { } known)
        {
            if (!known.Take(advertisement, _values))
            {
                _held.Hold((known, advertisement));
            }
        }
        else if (_options.Unknown.IsListed)
        {
            TakeStranger(advertisement);
        }
    }

    private void TakeStranger(Advertisement advertisement)
    {
        var address = advertisement.Address.ToString();
        var format = BleFormats.Recognise(advertisement);
        if (LetIn(advertisement, address, format is not null) is { } run)
        {
            run.Take(advertisement, _values);
            return;
        }

        _strangers.Heard(address, advertisement.HeardAt, advertisement.Name, format?.Name, advertisement.Rssi);
    }

    /// <summary>Makes a device of a stranger. One that changes its address all the time would be another every quarter of an hour: it is only let in if somebody understands it.</summary>
    private BleDeviceRun? LetIn(Advertisement advertisement, string address, bool isUnderstood)
    {
        if (!isUnderstood && advertisement.IsRandom && !advertisement.Address.IsStaticRandom)
        {
            return null;
        }

        if (_newcomers.LetIn(address, () => new BleDevice { Address = advertisement.Address }, _sink!) is not { } device)
        {
            return null;
        }

        var run = new BleDeviceRun(device, _sink!, _metrics, _counters, _time);
        _book.Add(run);
        return run;
    }
}
