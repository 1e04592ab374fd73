using System.Collections.Concurrent;
using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>A connection to one device by way of BlueZ.</summary>
/// <param name="bus">Of the session.</param>
/// <param name="path">The device's object.</param>
/// <param name="closed">Is told when nothing about the device needs to be passed on any more.</param>
internal sealed class BlueZConnection(BlueZBus bus, string path, Action<BlueZConnection> closed) : IGattConnection
{
    /// <summary>10 s: a device answers within its connection interval, or is going away. ATT itself gives up after 30 (Core 5.4 Vol 3 Part F §3.3.3).</summary>
    public static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(10);

    /// <summary>3 s: disconnecting needs nobody's consent.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, Action<ReadOnlyMemory<byte>>> _notified = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _resolved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _one = new(1);
    private IReadOnlyList<BlueZCharacteristic> _characteristics = [];
    private volatile bool _isMade;
    private int _isClosed;

    public string Path => path;

    public Task Ended => _ended.Task;

    /// <summary>Completes when BlueZ knows the device's services.</summary>
    public Task Resolved => _resolved.Task;

    public async ValueTask<GattReply> ReadAsync(GattAddress at, CancellationToken cancellation)
    {
        if (Find(at, _ => true) is not { } characteristic)
        {
            return GattFaults.NoCharacteristic(at);
        }

        var reply = await CallAsync(characteristic, "ReadValue", cancellation, DbusValue.Properties());
        return reply.Error is { } error ? GattFaults.Of(error) : new(null, reply.Argument(0).AsBytes() ?? default);
    }

    public async ValueTask<GattReply> WriteAsync(GattAddress at, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        if (Find(at, static f => f is "write" or "write-without-response") is not { } characteristic)
        {
            return GattFaults.NoCharacteristic(at);
        }

        var options = DbusValue.Properties(("type", DbusValue.String(characteristic.AnswersWrites ? "request" : "command")));
        var reply = await CallAsync(characteristic, "WriteValue", cancellation, DbusValue.Bytes(value), options);
        return reply.Error is { } error ? GattFaults.Of(error) : default;
    }

    public async ValueTask<GattReply> SubscribeAsync(GattAddress at, Action<ReadOnlyMemory<byte>> notified, CancellationToken cancellation)
    {
        if (Find(at, static f => f is "notify" or "indicate") is not { } characteristic)
        {
            return GattFaults.NoCharacteristic(at);
        }

        // Before it is asked for: the first value may come with the answer.
        _notified[characteristic.Path] = notified;
        var reply = await CallAsync(characteristic, "StartNotify", cancellation);
        if (reply.Error is not { } error)
        {
            return default;
        }

        _notified.TryRemove(characteristic.Path, out _);
        return GattFaults.Of(error);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        closed(this);
        if (!_ended.Task.IsCompleted)
        {
            // That it may be gone already is normal.
            await bus.CallAsync(path, BlueZNames.Device, "Disconnect", s_farewell, CancellationToken.None);
            End();
        }
    }

    /// <summary>BlueZ says that it is connected: what it says of an end from now on is about this connection.</summary>
    public void Made() => _isMade = true;

    /// <summary>The device's services are known.</summary>
    public void Use(IReadOnlyList<BlueZCharacteristic> characteristics) => _characteristics = characteristics;

    /// <summary>Properties of the device that changed. By the task that reads BlueZ's signals.</summary>
    public void DeviceChanged(in DbusValue changed)
    {
        if (changed["Connected"].AsBoolean() == false && _isMade)
        {
            End();
        }
        else if (changed["ServicesResolved"].AsBoolean() == true)
        {
            _resolved.TrySetResult();
        }
    }

    /// <summary>Properties of one of its characteristics that changed.</summary>
    public void CharacteristicChanged(string characteristic, in DbusValue changed)
    {
        if (changed["Value"].AsBytes() is { } value && _notified.TryGetValue(characteristic, out var notified))
        {
            notified(value);
        }
    }

    /// <summary>The device or the radio is gone.</summary>
    public void End()
    {
        _ended.TrySetResult();
        closed(this);
    }

    /// <summary>The first one of this address that can what is wanted, else the first one: then the device says why not.</summary>
    private BlueZCharacteristic? Find(GattAddress at, Func<string, bool> can)
    {
        BlueZCharacteristic? first = null;
        foreach (var characteristic in _characteristics)
        {
            if (characteristic.Is(at))
            {
                first ??= characteristic;
                if (characteristic.Flags.Any(can))
                {
                    return characteristic;
                }
            }
        }

        return first;
    }

    /// <summary>One at a time: BlueZ refuses a second operation on a characteristic, and devices have one transaction at a time anyway.</summary>
    private async ValueTask<DbusReply> CallAsync(BlueZCharacteristic characteristic, string member, CancellationToken cancellation, params IReadOnlyList<DbusValue> body)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return _ended.Task.IsCompleted ? new(null, new(DbusError.Disconnected, GattFaults.Disconnected))
                : await bus.CallAsync(characteristic.Path, BlueZNames.GattCharacteristic, member, StepLimit, cancellation, body);
        }
        finally
        {
            _one.Release();
        }
    }
}
