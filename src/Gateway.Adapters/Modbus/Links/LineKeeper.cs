using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Modbus;

/// <summary>Opens the line and opens it again, with backoff; knows why it is down.</summary>
internal sealed class LineKeeper(IModbusLink link, ModbusLinkOptions options, ModbusMetrics metrics, TimeProvider time, ILogger log)
{
    private readonly Backoff _backoff = new(new Random(), options.LongestRetry);
    private volatile LinkStatus _status = new(false, $"not yet connected to {options.Address}");
    private bool _wasOpen;
    private bool _isLoggedUp;
    private string? _loggedReason;
    private LineFault? _note;

    /// <summary>Why the line is down; null when it is up.</summary>
    public LineFault? Fault { get; private set; }

    /// <summary>Timestamp of the next try while the line is down.</summary>
    public long NextTry { get; private set; }

    /// <summary>May be read by any thread.</summary>
    public LinkStatus Status
    {
        get
        {
            var status = _status;
            return !status.Connected ? status
                : link.IsResting ? new(true, $"closed while nothing is asked of {options.Address}; the next request opens it again")
                : link.Note is { } note ? new(true, $"{status.Text}; {note.Reason}", note.Remedy)
                : status;
        }
    }

    /// <summary>A response came: the next reconnect need not wait.</summary>
    public void Carried()
    {
        _backoff.Reset();
        if (!ReferenceEquals(link.Note, _note))
        {
            TellNote();
        }
    }

    /// <returns>Whether the line is open.</returns>
    public ValueTask<bool> EnsureOpenAsync(CancellationToken cancellation) => link.IsOpen ? ValueTask.FromResult(true) : OpenAsync(cancellation);

    private async ValueTask<bool> OpenAsync(CancellationToken cancellation)
    {
        if (_wasOpen)
        {
            _wasOpen = false;
            Down(link.Fault ?? LineFaults.ClosedByPeer);
        }

        if (time.GetTimestamp() < NextTry)
        {
            LogDown();
            return false;
        }

        if (await link.OpenAsync(cancellation) is { } fault)
        {
            Down(fault);
            LogDown();
            return false;
        }

        Up();
        return true;
    }

    private void Up()
    {
        _wasOpen = true;
        Fault = null;
        metrics.Connected();
        _status = new(true, $"connected to {options.Address} since {time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}");
        if (!_isLoggedUp)
        {
            log.LineUp(options.Id, options.Address);
        }

        _isLoggedUp = true;
        _loggedReason = null;
        TellNote();
    }

    /// <summary>The same way there and back again is told once.</summary>
    private void TellNote()
    {
        var (before, now) = (_note, _note = link.Note);
        if (now is not null && now.Reason != before?.Reason)
        {
            log.LineNote(options.Id, now.Reason, now.Remedy);
        }
        else if (now is null && before is not null)
        {
            log.LineUp(options.Id, options.Address);
        }
    }

    private void Down(LineFault fault)
    {
        var pause = _backoff.Next();
        NextTry = time.GetTimestamp() + Ticks.Of(time, pause);
        Fault = fault;
        _status = new(false, $"no connection to {options.Address}: {fault.Reason}; next try at {time.GetUtcNow() + pause:yyyy-MM-ddTHH:mm:ssZ}", fault.Remedy);
    }

    /// <summary>Not when a device that closes idle connections is simply called again: only when it stays down, once for each reason.</summary>
    private void LogDown()
    {
        if (Fault is { } fault && _loggedReason != fault.Reason)
        {
            log.LineDown(options.Id, options.Address, fault.Reason, fault.Remedy);
            _loggedReason = fault.Reason;
            _isLoggedUp = false;
        }
    }
}
