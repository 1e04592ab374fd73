using Gateway.Core;

namespace Gateway.Adapters.Ble;

/// <summary>One write that waits for a connection: already encoded, so that nothing impossible gets as far as the radio.</summary>
internal sealed class GattWrite(GattPointRun point, PointValue value, byte[] bytes)
{
    private int _isStarted;

    public GattPointRun Point => point;

    public PointValue Value => value;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public TaskCompletionSource<WriteResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Once: by who carries it out, or by who gives up.</summary>
    public bool TryStart() => Interlocked.Exchange(ref _isStarted, 1) == 0;
}
