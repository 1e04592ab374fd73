using Gateway.Broker;
using Gateway.Commands;
using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Pipeline;
using Gateway.Storage;
using Gateway.Tests.Core;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Commands;

/// <summary>The way of a command from the broker to a device and back, over a memory that survives "restarts" of the rest.</summary>
internal sealed class CommandHarness : IAsyncDisposable
{
    public const string DeviceId = "boiler-7";

    private readonly CancellationTokenSource _stop = new();
    private readonly RecordingBroker _broker = new();
    private readonly CommandInbox _inbox;
    private readonly CommandPump _pump;
    private readonly DeviceOptions _device;
    private readonly Task _running;

    public CommandHarness(StateMemory? store = null, ClockMode clock = ClockMode.Trusted, FakeTime? time = null)
    {
        Store = store ?? new StateMemory();
        Time = time ?? new FakeTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var trust = new ClockTrust(clock, Time);
        var device = TestDevice.With(
            DeviceId,
            TestDevice.Point("setpoint") with { Write = new WriteOptions(20, 80) },
            TestDevice.Point("temperature"));
        var memory = new CommandMemory(Store, trust, Time);
        var executor = new CommandExecutor(new DurableWait(Store.Durability), (_, _) => new(Configured ? new CommandTarget(device, Adapter) : null), Time);
        _device = device;
        var pump = _pump = new CommandPump([device], _broker, memory, executor, Time, new PipelineMetrics(), NullLogger<CommandPump>.Instance);
        var commands = new CommandTopics(TestDevice.Topics, [device]);
        _inbox = new CommandInbox(() => commands, TestDevice.Topics, memory, pump, (_, topic) => !topic.StartsWith("forbidden/", StringComparison.Ordinal), trust, Time);
        _running = pump.RunAsync(TestDevice.Topics, _stop.Token);
    }

    public StateMemory Store { get; }

    public FakeTime Time { get; }

    public WritingAdapter Adapter { get; } = new();

    /// <summary>Whether the device is still there when a command's turn comes.</summary>
    public bool Configured { get; set; } = true;

    public Interception Send(string payload, string topic = "cmd", bool retain = false, MessageProperties? properties = null, MessageOrigin origin = default) =>
        _inbox.Intercept(new MqttMessage
        {
            Topic = $"acme/berlin/{DeviceId}/{topic}",
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
            Qos = QualityOfService.AtLeastOnce,
            Retain = retain,
            Properties = properties ?? MessageProperties.None,
            Origin = origin,
        });

    /// <summary>The device leaves the configuration.</summary>
    public void Leave() => _pump.Take([]);

    public void ComeBack() => _pump.Take([_device]);

    public Task<MqttMessage> AnswerAsync() => _broker.Published.Reader.ReadAsync().AsTask();

    public bool HasAnswer => _broker.Published.Reader.TryPeek(out _);

    public async Task<string> AnswerTextAsync() => System.Text.Encoding.UTF8.GetString((await AnswerAsync()).Payload.Span);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}

/// <summary>A device that takes everything, or hangs.</summary>
internal sealed class WritingAdapter : IAdapter
{
    public List<(string Point, PointValue Value)> Written { get; } = [];

    public TaskCompletionSource? Hang { get; set; }

    public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LinkStatus Status => new(true, "up");

    public Task RunAsync(IReadingSink sink, CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

    public async ValueTask<WriteResult> WriteAsync(PointOptions point, PointValue value, CancellationToken cancellation)
    {
        Called.TrySetResult();
        if (Hang is { } hang)
        {
            await hang.Task.WaitAsync(cancellation);
        }

        Written.Add((point.Id, value));
        return new WriteResult(true, null, value);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Keyed facts in memory; durable at once, or when told.</summary>
internal sealed class StateMemory : IStateStore
{
    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> _values = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, ReadOnlyMemory<byte>>> _puts = [];
    private readonly Durability _durability = new();
    private long _lsn;

    public bool IsDelayed { get; set; }

    public AppendStatus Next { get; set; } = AppendStatus.Accepted;

    public IDurability Durability => _durability;

    public IEnumerable<string> Keys => _values.Keys;

    public int Puts => _puts.Count;

    /// <summary>What a crash leaves after so many puts.</summary>
    public StateMemory AfterCrash(int puts)
    {
        var rest = new StateMemory();
        foreach (var (key, value) in _puts.Take(puts))
        {
            rest._values[key] = value;
        }

        return rest;
    }

    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Read(string prefix)
    {
        lock (_values)
        {
            return [.. _values.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal))];
        }
    }

    public AppendResult Put(string key, ReadOnlyMemory<byte> value, Urgency urgency)
    {
        lock (_values)
        {
            if (Next != AppendStatus.Accepted)
            {
                return new AppendResult(Next, 0);
            }

            _values[key] = value;
            _puts.Add(new(key, value));
            _lsn++;
            if (!IsDelayed)
            {
                _durability.Advance(_lsn);
            }

            return new AppendResult(AppendStatus.Accepted, _lsn);
        }
    }

    public AppendResult Remove(string key, Urgency urgency)
    {
        lock (_values)
        {
            _values.Remove(key);
            return new AppendResult(AppendStatus.Accepted, ++_lsn);
        }
    }

    public void Commit() => _durability.Advance(_lsn);

    public void Fail() => _durability.Fail(_lsn);
}
