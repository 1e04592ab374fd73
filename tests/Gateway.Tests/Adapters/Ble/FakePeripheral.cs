using System.Collections.Concurrent;
using Gateway.Adapters.Ble;

namespace Gateway.Tests.Adapters.Ble;

/// <summary>A device with characteristics, one connection at a time.</summary>
internal sealed class FakePeripheral
{
    private Connection? _connection;

    /// <summary>What each characteristic holds.</summary>
    public ConcurrentDictionary<Guid, byte[]> Values { get; } = [];

    /// <summary>Characteristics that can only be written.</summary>
    public HashSet<Guid> WriteOnly { get; } = [];

    /// <summary>How often it was connected to.</summary>
    public int Connections { get; private set; }

    public bool IsConnected => _connection is { Ended.IsCompleted: false };

    public IGattConnection Connect()
    {
        Connections++;
        return _connection = new(this);
    }

    public void Disconnect() => _connection!.End();

    public void Notify(Guid characteristic, params byte[] value) => _connection!.Subscriptions[characteristic](value);

    public bool IsSubscribed(Guid characteristic) => _connection is { } connection && connection.Subscriptions.ContainsKey(characteristic);

    private sealed class Connection(FakePeripheral device) : IGattConnection
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentDictionary<Guid, Action<ReadOnlyMemory<byte>>> Subscriptions { get; } = [];

        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();

        public ValueTask<GattReply> ReadAsync(GattAddress at, CancellationToken cancellation) => ValueTask.FromResult(
            Ended.IsCompleted ? new GattReply("disconnected")
            : device.WriteOnly.Contains(at.Characteristic) ? new("not permitted")
            : device.Values.TryGetValue(at.Characteristic, out var value) ? new(null, value)
            : new("no such characteristic"));

        public ValueTask<GattReply> WriteAsync(GattAddress at, ReadOnlyMemory<byte> value, CancellationToken cancellation)
        {
            device.Values[at.Characteristic] = value.ToArray();
            return ValueTask.FromResult(new GattReply(null));
        }

        public ValueTask<GattReply> SubscribeAsync(GattAddress at, Action<ReadOnlyMemory<byte>> notified, CancellationToken cancellation)
        {
            Subscriptions[at.Characteristic] = notified;
            return ValueTask.FromResult(new GattReply(null));
        }

        public ValueTask DisposeAsync()
        {
            End();
            return ValueTask.CompletedTask;
        }
    }
}
