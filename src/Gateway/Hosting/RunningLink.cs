using Gateway.Core;
using Gateway.Pipeline;

namespace Gateway.Hosting;

/// <summary>A link at work with its devices, started and stopped by itself.</summary>
/// <param name="runner">Runs its adapter.</param>
/// <param name="devices">Its devices.</param>
/// <param name="failed">Hears of defects.</param>
internal sealed class RunningLink(LinkRunner runner, IReadOnlyList<DeviceOptions> devices, Action<string, Exception> failed)
{
    private readonly TaskGroup _task = new(failed);

    private int _stopped;

    public LinkRunner Runner => runner;

    public IReadOnlyList<DeviceOptions> Devices => devices;

    public void Start(IReadingSink sink) => _task.Run($"link {runner.Options.Id}", stop => runner.RunAsync(sink, stop));

    /// <summary>Once; the line is closed then.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await _task.StopAsync().ConfigureAwait(false);
            await runner.DisposeAsync().ConfigureAwait(false);
        }
    }
}
