namespace Gateway.Core;

/// <summary>One link at work: it owns the line and polls or hears its devices until it is told to stop.</summary>
public interface IAdapter : IAsyncDisposable
{
    /// <summary>Runs until cancelled. A device or line that fails is reported and tried again, never thrown.</summary>
    Task RunAsync(IReadingSink sink, CancellationToken cancellation);

    /// <summary>Writes a point and reads it back. Waits its turn on the line; ahead of polls.</summary>
    /// <param name="point">A point of one of this link's devices with <see cref="PointOptions.Write"/>.</param>
    /// <param name="value">The scaled value.</param>
    /// <param name="cancellation">Ends the wait; what is on the wire is finished.</param>
    ValueTask<WriteResult> WriteAsync(PointOptions point, PointValue value, CancellationToken cancellation);

    /// <summary>What the link is doing now, for status.</summary>
    LinkStatus Status { get; }
}

/// <summary>Where an adapter's readings go. All calls return at once: an adapter never waits for the gateway.</summary>
public interface IReadingSink
{
    void Report(in Reading reading);

    /// <summary>All due points of one device have been reported, in one poll cycle.</summary>
    void EndOfCycle(DeviceOptions device);

    /// <summary>The device answers, or does not any more. Told on every change, and once at the start.</summary>
    void DeviceChanged(DeviceOptions device, DeviceState state);

    /// <summary>A device that is not in the configuration was heard and is wanted; to be told before anything else of it.</summary>
    /// <returns>false: its id is another's. It must not be reported.</returns>
    bool Found(DeviceOptions device) => false;

    /// <summary>A device says what is not among its points, and its configuration wants whatever it says (<see cref="DeviceOptions.FindsPoints"/>); or more is known of one of them now, whose place it takes. To be told before the first reading.</summary>
    void Found(PointOptions point)
    {
    }
}

/// <param name="Online">Whether it answers.</param>
/// <param name="Reason">Why not, in the field's words (<c>timeout</c>, <c>connection refused</c>); null when online.</param>
/// <param name="Remedy">What a person on site can do about it; null when online.</param>
public readonly record struct DeviceState(bool Online, string? Reason = null, string? Remedy = null);

/// <param name="Ok">Written, and read back as written; or sent to everybody, of whom nobody answers.</param>
/// <param name="Reason">Why not; null when ok.</param>
/// <param name="ReadBack">What the device holds now, if it could be read.</param>
public readonly record struct WriteResult(bool Ok, string? Reason, PointValue? ReadBack);

/// <param name="Connected">Whether the line is up.</param>
/// <param name="Text">One line for people: state, since when or next try, and the reason.</param>
/// <param name="Remedy">What a person on site can do about it; null: nothing is wrong.</param>
public sealed record LinkStatus(bool Connected, string Text, string? Remedy = null);
