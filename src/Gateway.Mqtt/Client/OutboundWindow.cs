namespace Gateway.Mqtt;

/// <summary>The packet identifiers of our unacknowledged publishes (MQTT 5.0 §4.9), each with the token that its owner gave it.</summary>
/// <remarks>Identifiers go round, so that one that was just freed is the last to be used again.</remarks>
internal sealed class OutboundWindow
{
    private readonly Lock _lock = new();
    private readonly (bool Used, long Token, TaskCompletionSource<ReasonCode?>? Waiter)[] _slots;
    private readonly ushort[] _free;
    private int _head;
    private int _available;
    private bool _closed;
    private TaskCompletionSource? _freed;

    public OutboundWindow(int size)
    {
        Size = size;
        _slots = new (bool, long, TaskCompletionSource<ReasonCode?>?)[size + 1];
        _free = new ushort[size];
        _available = size;
        for (var i = 0; i < size; i++)
        {
            _free[i] = (ushort)(i + 1);
        }
    }

    public int Size { get; }

    public int Available => Volatile.Read(ref _available);

    /// <summary>0: the window is full, or the connection has ended.</summary>
    public ushort Take(long token, TaskCompletionSource<ReasonCode?>? waiter)
    {
        lock (_lock)
        {
            if (_available == 0 || _closed)
            {
                return 0;
            }

            var id = _free[_head];
            _head = (_head + 1) % Size;
            _available--;
            _slots[id] = (true, token, waiter);
            return id;
        }
    }

    /// <summary>Completes when an identifier is given back, or when the connection has ended.</summary>
    public Task WhenFreedAsync()
    {
        lock (_lock)
        {
            return _closed ? Task.CompletedTask : (_freed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Gives an identifier back.</summary>
    /// <returns>false: nobody waits for it (an answer to an earlier connection's publish).</returns>
    public bool TryFree(ushort id, out long token, out TaskCompletionSource<ReasonCode?>? waiter)
    {
        lock (_lock)
        {
            (token, waiter) = (0, null);
            if (id > Size || !_slots[id].Used)
            {
                return false;
            }

            (_, token, waiter) = _slots[id];
            _slots[id] = default;
            _free[(_head + _available) % Size] = id;
            _available++;
            _freed?.TrySetResult();
            _freed = null;
            return true;
        }
    }

    /// <summary>The connection has ended: those who wait hear that there will be no answer.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _freed?.TrySetResult();
            foreach (var slot in _slots)
            {
                slot.Waiter?.TrySetResult(null);
            }
        }
    }
}
