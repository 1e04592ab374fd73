using System.Runtime.InteropServices;

namespace Gateway.Cli;

/// <summary>Turns Ctrl+C, SIGTERM and a closed terminal into a cancellation, so that a command ends in order.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _signals;

    /// <param name="cancellation">Stops, too.</param>
    /// <param name="signals">Other signals than these three.</param>
    public StopSignals(CancellationToken cancellation, params ReadOnlySpan<PosixSignal> signals)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var chosen = signals.IsEmpty ? [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP] : signals;
        _signals = new PosixSignalRegistration[chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            _signals[i] = PosixSignalRegistration.Create(chosen[i], Stop);
        }
    }

    public CancellationToken Token => _stop.Token;

    public bool IsCancellationRequested => _stop.IsCancellationRequested;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
