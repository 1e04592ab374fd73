namespace Gateway.Adapters.Modbus;

/// <summary>Connects to the host, or to its backup while the host does not serve; and goes back when it does.</summary>
/// <remarks>
/// The backup's turn comes when the host takes no connection, or takes them and answers nothing. While the backup serves, the host is tried in the background;
/// once it takes a connection again, the next request goes there. A host that takes connections and then answers nothing is tried less and less often.
/// </remarks>
internal sealed class HostConnector<TConnection>(ModbusConnectionOptions options, IHostDialer<TConnection> dialer, TimeProvider time) : IAsyncDisposable
    where TConnection : class, IDisposable
{
    /// <summary>1 min: how often the host is tried while its backup serves.</summary>
    public static readonly TimeSpan TryHostEvery = TimeSpan.FromMinutes(1);

    /// <summary>16 min: at most, after doubling for each return in vain.</summary>
    public static readonly TimeSpan TryHostAtMost = TimeSpan.FromMinutes(16);

    /// <summary>3: connections in a row on which nothing came before the other host has its turn.</summary>
    public const int SilentConnections = 3;

    private readonly CancellationTokenSource _stop = new();
    private Task<(TConnection? Connection, LineFault? Fault)>? _return;
    private TimeSpan _pause = TryHostEvery;
    private long _nextTry;
    private long _hostSince;
    private bool _isBackup;
    private bool _isBackupNext;
    private int _silent;
    private volatile LineFault? _note;

    /// <summary>That the backup serves, and why; null: the host does. May be read by any thread.</summary>
    public LineFault? Note => _note;

    /// <returns>A connection to one of the hosts, or why there is none.</returns>
    public async ValueTask<(TConnection? Connection, LineFault? Fault)> ConnectAsync(CancellationToken cancellation)
    {
        if (options.BackupHost is null)
        {
            return await dialer.ConnectAsync(options.Host, options.Port, cancellation);
        }

        await ForgetReturnAsync();
        var isBackup = _isBackupNext;
        var (connection, fault) = await DialAsync(isBackup, cancellation);
        if (connection is not null)
        {
            Serving(isBackup, isBackup ? LineFaults.Silent : null);
            return (connection, null);
        }

        (connection, var other) = await DialAsync(!isBackup, cancellation);
        if (connection is not null)
        {
            Serving(!isBackup, isBackup ? null : fault);
            return (connection, null);
        }

        // The host first again: which of the two comes back sooner nobody knows.
        _isBackupNext = false;
        _note = null;
        var (host, backup) = isBackup ? (other, fault) : (fault, other);
        return (null, host! with { Reason = host.Reason == backup!.Reason ? $"{host.Reason}, both hosts" : $"{host.Reason}; backup {options.BackupAddress}: {backup.Reason}" });
    }

    /// <summary>A connection to the host, which serves again; null: there is none, or it serves already. To be asked before each request.</summary>
    public TConnection? TakeReturn()
    {
        if (!_isBackup)
        {
            return null;
        }

        var now = time.GetTimestamp();
        if (_return is { IsCompleted: true } tried)
        {
            _return = null;
            _nextTry = now + Ticks.Of(time, _pause);
            if (tried is { IsCompletedSuccessfully: true, Result.Connection: { } connection })
            {
                Serving(isBackup: false, null);
                return connection;
            }
        }
        else if (_return is null && now >= _nextTry)
        {
            _return = dialer.ConnectAsideAsync(options.Host, options.Port, _stop.Token);
        }

        return null;
    }

    /// <summary>Something came from the other end.</summary>
    public void Carried() => _silent = 0;

    /// <summary>A connection ends on which nothing came.</summary>
    public void WasSilent()
    {
        if (options.BackupHost is not null && ++_silent >= SilentConnections)
        {
            GiveUp();
        }
    }

    /// <summary>Who serves now takes connections and answers nothing: the other one is next.</summary>
    public void GiveUp()
    {
        _silent = 0;
        _isBackupNext = options.BackupHost is not null && !_isBackup;
        if (_isBackupNext)
        {
            var wasGood = time.GetElapsedTime(_hostSince) > TryHostAtMost;
            _pause = wasGood ? TryHostEvery : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, TryHostAtMost.Ticks));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ForgetReturnAsync();
        _stop.Dispose();
    }

    private ValueTask<(TConnection? Connection, LineFault? Fault)> DialAsync(bool backup, CancellationToken cancellation) => backup
        ? dialer.ConnectAsync(options.BackupHost!, options.BackupPort ?? options.Port, cancellation)
        : dialer.ConnectAsync(options.Host, options.Port, cancellation);

    private void Serving(bool isBackup, LineFault? fault)
    {
        var now = time.GetTimestamp();
        _silent = isBackup == _isBackup ? _silent : 0;
        (_isBackup, _isBackupNext) = (isBackup, isBackup);
        _note = isBackup ? new($"the backup {options.BackupAddress} serves, because {options.Host} does not: {fault!.Reason}", fault.Remedy) : null;
        if (isBackup)
        {
            _nextTry = now + Ticks.Of(time, _pause);
        }
        else
        {
            _hostSince = now;
        }
    }

    private async ValueTask ForgetReturnAsync()
    {
        if (_return is { } tried)
        {
            _return = null;
            try
            {
                (await tried).Connection?.Dispose();
            }
            catch (OperationCanceledException)
            {
                // Stopped while it was being tried.
            }
        }
    }
}
