using System.Threading.Channels;

namespace Gateway.Adapters.Dbus;

/// <summary>Signals in their order, from the connection to the one who takes them. When it is full, what comes newly is dropped and counted.</summary>
internal sealed class SignalQueue
{
    /// <summary>8,192 signals: a bit more than one second of 500 devices that advertise ten times a second.</summary>
    public const int MostSignals = 8192;

    /// <summary>16 MiB on the wire.</summary>
    public const int MostBytes = 16 << 20;

    private readonly Channel<DbusMessage> _channel = Channel.CreateBounded<DbusMessage>(
        new BoundedChannelOptions(MostSignals) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true });

    private long _bytes;
    private long _dropped;

    /// <summary>Signals that found no room. Who keeps state by signals has to ask for all of it anew when this grows.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Waits for one.</summary>
    /// <returns>The oldest one; null: the connection has ended.</returns>
    public async ValueTask<DbusMessage?> TakeAsync(CancellationToken cancellation)
    {
        do
        {
            if (TryTake(out var message))
            {
                return message;
            }
        }
        while (await _channel.Reader.WaitToReadAsync(cancellation));
        return null;
    }

    public bool TryTake(out DbusMessage? message)
    {
        if (!_channel.Reader.TryRead(out message))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, -message.Size);
        return true;
    }

    public void Add(DbusMessage message)
    {
        if (Volatile.Read(ref _bytes) + message.Size > MostBytes || !_channel.Writer.TryWrite(message))
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        Interlocked.Add(ref _bytes, message.Size);
    }

    /// <summary>What is in it can still be taken.</summary>
    public void End() => _channel.Writer.TryComplete();
}
