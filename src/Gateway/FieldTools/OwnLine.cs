using Gateway.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.FieldTools;

/// <summary>A line that nobody holds: opened by this process with the gateway's own adapter, without devices to poll.</summary>
internal sealed class OwnLine : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IAdapter _adapter;
    private readonly Task _running;

    private OwnLine(IAdapter adapter, IFieldAccess access)
    {
        (_adapter, Access) = (adapter, access);
        _running = adapter.RunAsync(new NoReadings(), _stop.Token);
    }

    public IFieldAccess Access { get; }

    /// <returns>null: a link of this type takes no requests of tools.</returns>
    public static async ValueTask<OwnLine?> OpenAsync(IAdapterType type, LinkOptions link)
    {
        var adapter = type.Create(link, [], new(TimeProvider.System, NullLoggerFactory.Instance) { ListensOnly = true });
        if (adapter is IFieldAccess access)
        {
            return new OwnLine(adapter, access);
        }

        await adapter.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _adapter.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private sealed class NoReadings : IReadingSink
    {
        public void Report(in Reading reading)
        {
        }

        public void EndOfCycle(DeviceOptions device)
        {
        }

        public void DeviceChanged(DeviceOptions device, DeviceState state)
        {
        }
    }
}
