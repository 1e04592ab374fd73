using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Pipeline;

/// <summary>Keeps one link's adapter running. Adapters report their failures; one that throws has a defect, which must not take the others down.</summary>
internal sealed class LinkRunner(LinkOptions options, IAdapter adapter, TimeProvider time, ILogger<LinkRunner> log) : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    public LinkOptions Options => options;

    public LinkStatus Status => adapter.Status;

    public IAdapter Adapter => adapter;

    public async Task RunAsync(IReadingSink sink, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await adapter.RunAsync(sink, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                PipelineLog.LinkFailed(log, e, options.Id, s_pause.TotalSeconds);
                await Task.Delay(s_pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public ValueTask DisposeAsync() => adapter.DisposeAsync();
}
