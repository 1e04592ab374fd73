using System.Threading.Channels;

namespace Gateway.Adapters.Ble;

/// <summary>Advertisements on their way from the radio. When it is full, the newest is dropped, and who adds it counts that.</summary>
internal sealed class AdvertisementQueue
{
    /// <summary>8,192: more than one second of 500 devices that advertise ten times a second; some 4 MiB.</summary>
    public const int Most = 8192;

    private readonly Channel<Advertisement> _channel = Channel.CreateBounded<Advertisement>(new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <returns>false: there is no room; it is dropped.</returns>
    public bool TryAdd(Advertisement advertisement) => _channel.Writer.TryWrite(advertisement);

    /// <returns>null: it has ended and is empty.</returns>
    public async ValueTask<Advertisement?> TakeAsync(CancellationToken cancellation)
    {
        do
        {
            if (_channel.Reader.TryRead(out var advertisement))
            {
                return advertisement;
            }
        }
        while (await _channel.Reader.WaitToReadAsync(cancellation));
        return null;
    }

    public void End() => _channel.Writer.TryComplete();
}
