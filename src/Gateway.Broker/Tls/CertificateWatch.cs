using Microsoft.Extensions.Hosting;

namespace Gateway.Broker;

/// <summary>Looks whether certificate files have changed, and tells in time when one is about to end.</summary>
internal sealed class CertificateWatch(LocalBroker broker, TimeProvider time) : IHostedService, IDisposable
{
    /// <summary>10 s: a renewed certificate is in use before anybody asks.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_reminder = TimeSpan.FromDays(1);

    private readonly Dictionary<TlsListener, long> _told = [];
    private ITimer? _timer;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        TellEnds();
        _timer = time.CreateTimer(_ => Tick(), null, s_interval, s_interval);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        foreach (var listener in broker.Tls)
        {
            if (listener.Refresh(isSure: false) is { } problem)
            {
                broker.Alert(new AccessAlert("certificate-not-read", problem, "correct the files; those from before stay in use"));
            }
        }

        TellEnds();
    }

    private void TellEnds()
    {
        foreach (var listener in broker.Tls)
        {
            var file = listener.Options.Certificate;
            if (listener.Certificate.Warning(file, time.GetUtcNow()) is { } warning
                && (!_told.TryGetValue(listener, out var last) || time.GetElapsedTime(last) >= s_reminder))
            {
                _told[listener] = time.GetTimestamp();
                broker.Alert(new AccessAlert("certificate-expires", warning, "put a new one in its place; it is read without a restart"));
            }
        }
    }
}
