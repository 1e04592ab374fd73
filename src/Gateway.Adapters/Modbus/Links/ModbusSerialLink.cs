using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>Modbus RTU or ASCII over whatever carries bytes. Frames have no number: only silence, the unit, the function, the length and the checksum tell a response from anything else.</summary>
/// <remarks>
/// A reply that comes after its deadline looks like that of the next request to the same unit. So a serial line is listened to until it has been quiet
/// for long enough before the unit that did not answer is asked again; a TCP connection is closed and opened anew.
/// </remarks>
internal sealed class ModbusSerialLink : IModbusLink
{
    private readonly IByteLine _line;
    private readonly IFraming _framing;
    private readonly EchoFilter _echo;
    private readonly TimeSpan _guard;
    private readonly TimeSpan _timeout;
    private readonly ModbusMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TransactionDeadline _deadline;
    private readonly TransactionDeadline _pause;
    private readonly byte[] _frame;

    /// <summary>More than three frames (the echo of one's own, somebody else's, the answer) can hold is noise without end.</summary>
    private readonly byte[] _received;

    private (byte[] Request, byte[] Response)? _probe;

    /// <summary>When each unit's answer was missed, as timestamps; 0: it was not. Until the guard has passed its late reply may come.</summary>
    private readonly long[] _missedAt = new long[256];

    private bool _isOpen;
    private bool _isDirty;

    /// <summary>What was known of the line when it was last looked at: it changes when another host serves.</summary>
    private LineFault? _way;

    /// <summary>Timestamp of the last byte.</summary>
    private long _quietSince;
    private int _count;
    private int _length;

    /// <param name="line">Carries the bytes; owned from here on.</param>
    /// <param name="framing">RTU or ASCII.</param>
    /// <param name="timeout">Total deadline of one transaction, besides the time that its bytes take on the wire.</param>
    /// <param name="guard">How late a reply may come after its deadline.</param>
    /// <param name="echo">Whether what is sent comes back.</param>
    /// <param name="metrics">Counters of the link.</param>
    /// <param name="time">The clock.</param>
    public ModbusSerialLink(IByteLine line, IFraming framing, TimeSpan timeout, TimeSpan guard, EchoMode echo, ModbusMetrics metrics, TimeProvider time)
    {
        (_line, _framing, _timeout, _guard, _metrics, _time) = (line, framing, timeout, guard, metrics, time);
        (_frame, _received, _echo) = (new byte[framing.Largest], new byte[3 * framing.Largest], new(echo));
        (_deadline, _pause) = (new(time), new(time));
    }

    public bool IsOpen => _isOpen;

    public LineFault? Fault { get; private set; }

    public LineFault? Note => _line.Note ?? _echo.Note;

    /// <summary>§2.2: address 0 is everybody's.</summary>
    public bool IsBroadcast(byte unit) => unit == 0;

    public async ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        await CloseAsync(null);
        Fault = await _line.OpenAsync(cancellation);
        _isOpen = Fault is null;

        // Another adapter may have been plugged in, another device server may serve.
        _echo.Forget();
        _way = _line.Note;

        // Whatever a unit still has to say from before is not for us.
        _isDirty = true;
        return Fault;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        if (!_isOpen)
        {
            return new(TransactionStatus.Closed);
        }

        try
        {
            await _line.PrepareAsync();
        }
        catch (IOException)
        {
            return await CloseAsync(LineFaults.ClosedByPeer);
        }

        if (!ReferenceEquals(_way, _line.Note))
        {
            // The host serves again instead of its backup.
            _way = _line.Note;
            _echo.Forget();
        }

        return !IsBroadcast(unit) && _echo.MustProbe(request.Span)
            ? await ProbeAsync(unit, request, response, cancellation)
            : await SendAsync(unit, request, response, cancellation);
    }

    /// <summary>First something whose echo cannot be mistaken for an answer. Where nothing comes back in time, neither from the unit nor from the line, nothing is sent whose answer could not be trusted.</summary>
    private async ValueTask<LinkReply> ProbeAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        var probe = _probe ??= (new byte[ModbusLimits.Pdu], new byte[ModbusLimits.Pdu]);
        var probed = await SendAsync(unit, probe.Request.AsMemory(0, EchoFilter.Probe(request.Span, probe.Request)), probe.Response, cancellation);
        return _isOpen && !_echo.MustProbe(request.Span) ? await SendAsync(unit, request, response, cancellation) : new(probed.Status);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LinkReply> SendAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
    {
        var expected = _framing.FrameLength(ResponseLength.Longest(request.Span));
        try
        {
            await BecomeQuietAsync(unit, cancellation);
            _length = _framing.Write(_frame, unit, request.Span);
            _echo.Begin(request.Span);
            _deadline.Start(_timeout + _line.TimeOf(_length + expected), cancellation);
            if (await _line.WriteAsync(_frame.AsMemory(0, _length), _deadline.Token) is { } fault)
            {
                return await CloseAsync(fault);
            }

            if (IsBroadcast(unit))
            {
                // Its echo may come after it by what the adapter takes to hand it on.
                _quietSince = _time.GetTimestamp() + Ticks.Of(_time, _line.TimeOf(_length));
                _isDirty |= _echo.IsHeard;
                return new(TransactionStatus.Ok);
            }

            return await ReceiveAsync(unit, request, response);
        }
        catch (OperationCanceledException)
        {
            if (cancellation.IsCancellationRequested)
            {
                await CloseAsync(null);
                throw;
            }

            var start = Start();
            var isSilence = _count == 0 || start == _count || _framing.MayBegin(_received.AsSpan(Math.Max(start, 0), _count - Math.Max(start, 0)), unit, request.Span[0]);
            return await MissedAsync(unit, isSilence ? TransactionStatus.Timeout : TransactionStatus.Invalid);
        }
        catch (IOException)
        {
            return await CloseAsync(LineFaults.ClosedByPeer);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    public bool IsAlive()
    {
        if (_isOpen && _line.LookForEnd() is { } fault)
        {
            // The line is closed when it is opened anew.
            _isOpen = false;
            Fault = fault;
        }

        return _isOpen;
    }

    public async ValueTask CloseAsync() => await CloseAsync(null);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(null);
        await _line.DisposeAsync();
        _deadline.Dispose();
        _pause.Dispose();
    }

    private async ValueTask<LinkReply> ReceiveAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response)
    {
        while (true)
        {
            // Within a frame there are no pauses: what is half there after one will not be whole.
            var start = Math.Max(Start(), 0);
            var hasBegun = _line.Timing is not null && _framing.MayBegin(_received.AsSpan(start, _count - start), unit, request.Span[0]);
            if (hasBegun)
            {
                _pause.Start(_line.Timing!.Value.LongestPause, _deadline.Token);
            }

            try
            {
                if (!TryTake(await _line.Input.ReadAsync(hasBegun ? _pause.Token : _deadline.Token)))
                {
                    return await CloseAsync(_line.LookForEnd() ?? LineFaults.ClosedByPeer);
                }
            }
            catch (OperationCanceledException) when (hasBegun && !_deadline.Token.IsCancellationRequested)
            {
                return await MissedAsync(unit, TransactionStatus.Invalid);
            }
            finally
            {
                _pause.Stop();
            }

            start = Start();
            if (start >= 0 && _framing.TryFind(_received.AsSpan(start, _count - start), unit, request.Span, response.Span, out var length))
            {
                _echo.Answered();
                _line.Carried();
                return new(TransactionStatus.Ok, length);
            }

            if (_count == _received.Length)
            {
                return await MissedAsync(unit, TransactionStatus.Invalid);
            }
        }
    }

    private int Start() => _echo.Start(_received.AsSpan(0, _count), _frame.AsSpan(0, _length));

    /// <returns>false: the line has ended.</returns>
    private bool TryTake(ReadResult read)
    {
        var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, _received.Length - _count));
        taken.CopyTo(_received.AsSpan(_count));
        _count += (int)taken.Length;
        _line.Input.AdvanceTo(taken.End);
        _quietSince = _time.GetTimestamp();
        return !read.IsCompleted || !taken.IsEmpty;
    }

    /// <summary>Before a request nothing may be on the line that could be taken for its response.</summary>
    private async ValueTask BecomeQuietAsync(byte unit, CancellationToken cancellation)
    {
        var silence = Ticks.Of(_time, (_isDirty ? _line.Timing?.Settling : _line.Timing?.Silence) ?? TimeSpan.Zero);
        var guard = _missedAt[unit] == 0 ? 0 : Ticks.Of(_time, _guard);

        // Somebody who never falls silent is not waited for: what they say has no chance against the checksum.
        var patience = _time.GetTimestamp() + Ticks.Of(_time, _timeout) + (4 * guard);
        while (_time.GetTimestamp() < patience)
        {
            if (Discard() && guard > 0)
            {
                _missedAt[unit] = _quietSince;
            }

            var rest = _time.GetElapsedTime(_time.GetTimestamp(), Math.Max(_quietSince + silence, _missedAt[unit] + guard));
            if (rest <= TimeSpan.Zero)
            {
                break;
            }

            await Task.Delay(rest, _time, cancellation);
        }

        _missedAt[unit] = 0;
        _isDirty = false;
        _count = 0;
    }

    /// <returns>Whether there was something.</returns>
    private bool Discard()
    {
        var found = false;
        while (_line.Input.TryRead(out var read))
        {
            var isEnd = read.IsCompleted || read.Buffer.IsEmpty;
            if (!read.Buffer.IsEmpty)
            {
                found = true;
                _quietSince = _time.GetTimestamp();
                _metrics.Discarded();
            }

            _line.Input.AdvanceTo(read.Buffer.End);
            if (isEnd)
            {
                break;
            }
        }

        return found;
    }

    private async ValueTask<LinkReply> MissedAsync(byte unit, TransactionStatus status)
    {
        _isDirty = true;
        if (_line.IsCleanWhenReopened)
        {
            await CloseAsync(status == TransactionStatus.Timeout ? LineFaults.Silent : LineFaults.NotRtu);
        }
        else
        {
            _missedAt[unit] = _time.GetTimestamp();
        }

        return new(status);
    }

    private async ValueTask<LinkReply> CloseAsync(LineFault? fault)
    {
        Fault = fault ?? Fault;
        _isOpen = false;
        await _line.CloseAsync();
        return new(TransactionStatus.Closed);
    }
}
