using System.Buffers;
using System.Threading.Channels;
using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Lora;

/// <summary>Gets what happens to the modem of a link. Called by the task that runs the pump.</summary>
internal interface IModemListener
{
    void Packet(in HeardPacket packet);

    /// <summary>The modem listens, or cannot be used and why. Told on every change.</summary>
    void Changed(ModemFault? fault);

    void Restarted();

    void Noise(int bytes);

    void Unknown(string line);

    /// <summary>Called about once a second, and whenever something came.</summary>
    void Passed();
}

/// <summary>Opens the serial port, again and again if it goes, and moves bytes between it and the session: the one task of a link.</summary>
internal sealed class ModemPump : IModemEvents, IAsyncDisposable
{
    /// <summary>64: what commands may wait while the port is written to.</summary>
    private const int MostPosted = 64;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly SerialSettings _settings;
    private readonly IModemListener _listener;
    private readonly TimeProvider _time;
    private readonly ModemSession _session;
    private readonly Backoff _backoff = new(new Random(), s_second);
    private readonly ArrayBufferWriter<byte> _out = new();
    private readonly Channel<Action> _posted = Channel.CreateBounded<Action>(new BoundedChannelOptions(MostPosted) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile ISerialPort? _port;
    private bool _hasTold;
    private ModemFault? _told;

    /// <param name="settings">The port.</param>
    /// <param name="dialect">Of the modem on it.</param>
    /// <param name="listener">Gets what happens.</param>
    /// <param name="time">The clock.</param>
    public ModemPump(SerialSettings settings, IModemDialect dialect, IModemListener listener, TimeProvider time)
    {
        (_settings, _listener, _time) = (settings, listener, time);
        _session = new(dialect, this, time);
    }

    public bool IsReady => _session.IsReady;

    /// <summary>Has something done by the link's task. Any thread.</summary>
    /// <returns>false: too much is waiting.</returns>
    public bool Post(Action work)
    {
        if (!_posted.Writer.TryWrite(work))
        {
            return false;
        }

        Wake();
        return true;
    }

    /// <summary>Sends a packet when its turn comes. To be called by the link's task.</summary>
    public void Send(ModemSend send) => _session.Send(send);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var seconds = _time.CreateTimer(static pump => ((ModemPump)pump!).Wake(), this, s_second, s_second);
        await using var timer = _time.CreateTimer(static pump => ((ModemPump)pump!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                var (port, fault) = SerialPort.Open(_settings);
                if (port is not null)
                {
                    fault = await UseAsync(port, timer, cancellation);
                }

                Tell(new(fault!.Reason, fault.Remedy));
                await RestAsync(_backoff.Next(), timer, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            _session.Stop("the gateway is stopping");
            Work();
        }
    }

    public ValueTask DisposeAsync()
    {
        _wake.Dispose();
        return ValueTask.CompletedTask;
    }

    void IModemEvents.Write(ReadOnlyMemory<byte> bytes) => _out.Write(bytes.Span);

    void IModemEvents.Packet(in HeardPacket packet) => _listener.Packet(packet);

    void IModemEvents.Ready()
    {
        _backoff.Reset();
        Tell(null);
    }

    void IModemEvents.Failed(ModemFault fault) => Tell(fault);

    void IModemEvents.Restarted() => _listener.Restarted();

    void IModemEvents.Noise(int bytes) => _listener.Noise(bytes);

    void IModemEvents.Unknown(string line) => _listener.Unknown(line);

    /// <returns>Why the port is gone.</returns>
    private async ValueTask<SerialFault> UseAsync(SerialPort port, ITimer timer, CancellationToken cancellation)
    {
        await using var owned = port;
        _port = port;
        try
        {
            _session.Start();
            while (true)
            {
                if (await FlushAsync(port, cancellation) is { } fault)
                {
                    return fault;
                }

                var due = _session.NextDue;
                timer.Change(due == long.MaxValue ? Timeout.InfiniteTimeSpan : Positive(_time.GetElapsedTime(_time.GetTimestamp(), due)), Timeout.InfiniteTimeSpan);
                var read = await port.Input.ReadAsync(cancellation);
                foreach (var segment in read.Buffer)
                {
                    _session.Receive(segment.Span);
                }

                port.Input.AdvanceTo(read.Buffer.End);
                Work();
                _session.Tick();
                if (read.IsCompleted)
                {
                    return port.Fault ?? SerialFaults.Unplugged;
                }
            }
        }
        finally
        {
            _port = null;
            _session.Stop(port.Fault?.Reason ?? "the port is closed");
        }
    }

    private async ValueTask<SerialFault?> FlushAsync(SerialPort port, CancellationToken cancellation)
    {
        if (_out.WrittenCount == 0)
        {
            return null;
        }

        var fault = await port.WriteAsync(_out.WrittenMemory, cancellation);
        _out.ResetWrittenCount();
        return fault;
    }

    /// <summary>While there is no port, what is posted and the seconds go on.</summary>
    private async ValueTask RestAsync(TimeSpan pause, ITimer timer, CancellationToken cancellation)
    {
        var begun = _time.GetTimestamp();
        _out.ResetWrittenCount();
        Work();
        while (_time.GetElapsedTime(begun) is var rested && rested < pause)
        {
            timer.Change(Positive(pause - rested), Timeout.InfiniteTimeSpan);
            await _wake.WaitAsync(cancellation);
            Work();
        }
    }

    private void Work()
    {
        while (_posted.Reader.TryRead(out var work))
        {
            work();
        }

        _listener.Passed();
    }

    private void Wake()
    {
        _port?.Input.CancelPendingRead();
        if (_wake.CurrentCount > 0)
        {
            return;
        }

        try
        {
            _wake.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else woke it at the same moment, or it ends.
        }
    }

    private void Tell(ModemFault? fault)
    {
        if (!_hasTold || _told != fault)
        {
            (_hasTold, _told) = (true, fault);
            _listener.Changed(fault);
        }
    }

    /// <summary>A timer takes whole milliseconds: rounded up, or it would fire before its time and again.</summary>
    private static TimeSpan Positive(TimeSpan span) => span <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
}
