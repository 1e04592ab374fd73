namespace Gateway.Adapters.Ble;

/// <summary>A connection to a device whose services are known (Core 5.4 Vol 3 Part G). Every step has a limit; disposing it disconnects.</summary>
public interface IGattConnection : IAsyncDisposable
{
    ValueTask<GattReply> ReadAsync(GattAddress at, CancellationToken cancellation);

    /// <param name="at">The characteristic.</param>
    /// <param name="value">Its bytes, at most 512.</param>
    /// <param name="cancellation">Ends the wait; the device may have taken it.</param>
    ValueTask<GattReply> WriteAsync(GattAddress at, ReadOnlyMemory<byte> value, CancellationToken cancellation);

    /// <summary>Asks for notifications or indications, whichever the characteristic has.</summary>
    /// <param name="at">The characteristic.</param>
    /// <param name="notified">Gets each value, one at a time; must return at once.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<GattReply> SubscribeAsync(GattAddress at, Action<ReadOnlyMemory<byte>> notified, CancellationToken cancellation);

    /// <summary>Completes when the device is gone, for whatever reason.</summary>
    Task Ended { get; }
}

/// <summary>Where a value is in a device.</summary>
/// <param name="Characteristic">Its UUID.</param>
/// <param name="Service">UUID of its service; null: whichever has it.</param>
public readonly record struct GattAddress(Guid Characteristic, Guid? Service = null)
{
    public override string ToString() => Service is { } service ? $"{BleUuid.Write(service)}/{BleUuid.Write(Characteristic)}" : BleUuid.Write(Characteristic);
}

/// <param name="Reason">Why not, in the field's words (<c>no such characteristic</c>, <c>not permitted</c>, <c>timeout</c>); null: it was done.</param>
/// <param name="Value">What was read.</param>
/// <param name="Remedy">What a person can do about it; null: nothing.</param>
public readonly record struct GattReply(string? Reason, ReadOnlyMemory<byte> Value = default, string? Remedy = null)
{
    public bool IsOk => Reason is null;
}

/// <param name="Connection">null: it could not be made.</param>
/// <param name="Reason">Why not; null with one.</param>
/// <param name="Remedy">What a person can do about it.</param>
public readonly record struct GattOpening(IGattConnection? Connection, string? Reason = null, string? Remedy = null);
