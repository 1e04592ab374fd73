namespace Gateway.Mqtt;

/// <summary>SUBSCRIBE and UNSUBSCRIBE that wait for their answer. Their identifiers lie above those of the <see cref="OutboundWindow"/>.</summary>
internal sealed class PendingReplies
{
    /// <summary>Windows end below it.</summary>
    public const ushort FirstId = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, TaskCompletionSource<IReadOnlyList<ReasonCode>?>> _waiting = [];
    private ushort _next = FirstId;
    private bool _closed;

    /// <summary>Completes with the Reason Codes, or with null when the connection ended first.</summary>
    public Task<IReadOnlyList<ReasonCode>?> Add(out ushort id)
    {
        var waiter = new TaskCompletionSource<IReadOnlyList<ReasonCode>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            do
            {
                id = _next;
                _next = _next == ushort.MaxValue ? FirstId : (ushort)(_next + 1);
            }
            while (!_waiting.TryAdd(id, waiter));
            if (_closed)
            {
                waiter.SetResult(null);
            }
        }

        return waiter.Task;
    }

    public void Complete(SubAckPacket packet)
    {
        TaskCompletionSource<IReadOnlyList<ReasonCode>?>? waiter;
        lock (_lock)
        {
            _waiting.Remove(packet.PacketId, out waiter);
        }

        waiter?.TrySetResult(packet.ReasonCodes);
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var waiter in _waiting.Values)
            {
                waiter.TrySetResult(null);
            }
        }
    }
}
