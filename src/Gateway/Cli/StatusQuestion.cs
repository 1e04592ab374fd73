using System.Text.Json;
using Gateway.Diagnostics;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>Asks the gateway that works on one of these data folders how it is.</summary>
/// <param name="folders">The data folders, the likeliest first.</param>
/// <param name="whyStopped">What would keep a gateway from starting, with its remedy; null: nothing that can be seen.</param>
internal sealed class StatusQuestion(string[] folders, Func<string?> whyStopped)
{
    /// <returns>The answer as it came and as it is meant; or why there is none.</returns>
    public async Task<(byte[]? Answer, StatusReport? Report, string? Problem)> AskAsync(CancellationToken cancellation)
    {
        try
        {
            return await FindAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return (null, null, $"the gateway on {folders[0]} does not answer: it stops, or hangs; look at systemctl status edge-gateway");
        }
    }

    private async Task<(byte[]? Answer, StatusReport? Report, string? Problem)> FindAsync(CancellationToken cancellation)
    {
        string? closed = null;
        foreach (var folder in folders)
        {
            var (answer, denied) = await ControlSocket.TryGetAsync(folder, ControlSocket.StatusPath, cancellation).ConfigureAwait(false);
            closed ??= denied;
            if (answer is null || JsonSerializer.Deserialize(answer, StatusJson.Default.StatusReport) is not { } report)
            {
                continue;
            }

            return folders.Contains(report.Gateway.Data)
                ? (answer, report, null)
                : (null, null, $"no gateway runs on {folders[0]}; the one that answers, {report.Gateway.Id}, works on {report.Gateway.Data}: name its configuration with --config");
        }

        return (null, null, closed is not null ? ControlException.Denied(closed).Line
            : whyStopped() is { } why ? $"no gateway runs on {folders[0]}: {why}"
            : $"no gateway runs on {folders[0]}: start it with edge-gateway run, or look at systemctl status edge-gateway");
    }
}
