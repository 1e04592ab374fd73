using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Ble;

/// <summary>A controller that is looked after: opened again when it has failed, cured when it has gone silent, every state told with its remedy.</summary>
/// <param name="link">Id of the link, for the log.</param>
/// <param name="controller">Owned from here on.</param>
/// <param name="recovered">Is told each step that is taken to have it hear again: <c>reconnect</c>, <c>restart-discovery</c>, <c>power-cycle</c>.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Gets transitions.</param>
internal sealed class BleRadio(string link, IBleController controller, Action<string> recovered, TimeProvider time, ILogger log) : IBleRadio
{
    public const string Reconnect = "reconnect";
    public const string RestartDiscovery = "restart-discovery";
    public const string PowerCycle = "power-cycle";

    /// <summary>10 s: who plugs the adapter in again need not wait longer to see it work.</summary>
    public static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    private static readonly RadioFault s_silent = new(
        "hears nothing",
        "a new scan and switching the adapter off and on did not help; if devices are in range: unplug the adapter and plug it in again, move it away from USB 3 ports and metal, see dmesg. If nothing is near, this is as it should be");

    private readonly Backoff _backoff = new(new Random(), LongestRetry);
    private readonly SilenceWatch _watch = new(time);
    private volatile RadioState _state = new(false, "not yet opened");
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RadioFault? _note;
    private bool _wasOpen;
    private long _nextTry;

    public RadioState State => _state;

    public async Task RunAsync(IBleListener listener, CancellationToken cancellation)
    {
        listener.Changed(_state);
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                if (controller.IsOpen)
                {
                    await HearAsync(listener, cancellation);
                }
                else
                {
                    await OpenAsync(listener, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    public async ValueTask<GattOpening> ConnectAsync(BleAddress device, PairingCode? pairing, CancellationToken cancellation)
    {
        // Who asks at the start need not be told that it has only begun.
        await _tried.Task.WaitAsync(cancellation);
        var state = _state;
        return controller.IsOpen || state.Remedy is null ? await controller.ConnectAsync(device, pairing, cancellation) : new(null, state.Text, state.Remedy);
    }

    public ValueTask DisposeAsync() => controller.DisposeAsync();

    private async ValueTask OpenAsync(IBleListener listener, CancellationToken cancellation)
    {
        if (_wasOpen)
        {
            _wasOpen = false;
            Wait();
            if (controller.Fault is { } ended)
            {
                Tell(listener, Down(ended));
                recovered(Reconnect);
            }
        }

        var pause = time.GetElapsedTime(time.GetTimestamp(), _nextTry);
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, cancellation);
        }

        if (await controller.OpenAsync(cancellation) is { } fault)
        {
            Wait();
            Tell(listener, Down(fault));
            _tried.TrySetResult();
            return;
        }

        _wasOpen = true;
        _watch.Opened();
        if (controller.Note is { } note && note != _note)
        {
            log.RadioNote(link, note.Reason, note.Remedy);
        }

        _note = controller.Note;
        if (!_watch.IsTold)
        {
            Tell(listener, Up());
        }

        _tried.TrySetResult();
    }

    /// <summary>Until nothing is heard for too long, or the controller has failed.</summary>
    private async ValueTask HearAsync(IBleListener listener, CancellationToken cancellation)
    {
        var next = controller.HearAsync(cancellation);
        if (next.IsCompletedSuccessfully)
        {
            Take(listener, next.Result);
            return;
        }

        var hearing = next.AsTask();
        while (!hearing.IsCompleted)
        {
            var pause = time.GetElapsedTime(time.GetTimestamp(), _watch.Due);
            if (pause <= TimeSpan.Zero)
            {
                await CureAsync(listener, cancellation);
                if (!controller.IsOpen)
                {
                    // Switched off and on: nothing more is heard through it, and nothing is to be cured.
                    break;
                }

                continue;
            }

            try
            {
                await hearing.WaitAsync(pause, time, cancellation);
            }
            catch (TimeoutException)
            {
                // Silence: the next round does something about it.
            }
        }

        Take(listener, await hearing);
    }

    private void Take(IBleListener listener, Advertisement? advertisement)
    {
        if (advertisement is null)
        {
            return;
        }

        _backoff.Reset();
        if (_watch.Heard() is not SilenceStep.None and var cure)
        {
            log.HearsAgain(link, cure == SilenceStep.RestartScan ? RestartDiscovery : PowerCycle);
        }

        if (!_state.IsHearing)
        {
            Tell(listener, Up());
        }

        listener.Heard(advertisement);
    }

    private async ValueTask CureAsync(IBleListener listener, CancellationToken cancellation)
    {
        if (controller.Connections > 0)
        {
            // What is connected to does not advertise: silence proves nothing, and a cure would cost the connection.
            _watch.Excuse();
            return;
        }

        var silence = _watch.Silence;
        var isTold = _watch.IsTold;
        switch (_watch.Take())
        {
            case SilenceStep.RestartScan:
                if (!isTold)
                {
                    log.ScanRestarted(link, silence.TotalSeconds);
                }

                recovered(RestartDiscovery);
                Failed(RestartDiscovery, await controller.RestartScanAsync(cancellation), isTold);
                break;
            case SilenceStep.PowerCycle:
                if (!isTold)
                {
                    log.PowerCycled(link, silence.TotalSeconds);
                }

                recovered(PowerCycle);
                Failed(PowerCycle, await controller.PowerCycleAsync(cancellation), isTold);
                break;
            case SilenceStep.Tell:
                Tell(listener, Down(s_silent));
                break;
        }
    }

    private void Failed(string step, RadioFault? fault, bool isTold)
    {
        if (fault is not null && !isTold)
        {
            log.CureFailed(link, step, fault.Reason, fault.Remedy);
        }
    }

    private void Wait() => _nextTry = time.GetTimestamp() + Ticks.Of(time, _backoff.Next());

    private RadioState Up() => new(true, controller.Note is { } note ? $"listens with {controller.Name}; {note.Reason}" : $"listens with {controller.Name}", controller.Note?.Remedy);

    private RadioState Down(RadioFault fault) => new(false, $"{controller.Name}: {fault.Reason}", fault.Remedy);

    /// <summary>The same state is told once.</summary>
    private void Tell(IBleListener listener, RadioState state)
    {
        if (state != _state)
        {
            _state = state;
            listener.Changed(state);
        }
    }
}
