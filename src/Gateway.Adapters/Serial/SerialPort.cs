using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Adapters.Serial;

/// <summary>A serial port of Linux. A thread of its own sleeps in poll(2) until bytes come, there is room to write, or the adapter goes.</summary>
public sealed class SerialPort : ISerialPort
{
    /// <summary>64 KiB wait for their reader; then the driver's own buffer fills, and what comes on top is lost as on any full line.</summary>
    private const int MostWaiting = 64 << 10;

    private const int Chunk = 4096;

    private const short Gone = Libc.PollError | Libc.PollHangUp | Libc.PollInvalid;

    private readonly SafeFileHandle _port;
    private readonly SafeFileHandle _signal = Libc.MakeEvent();
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: MostWaiting, resumeWriterThreshold: MostWaiting / 2, useSynchronizationContext: false));
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _writable;
    private volatile SerialFault? _fault;
    private volatile bool _stopping;
    private volatile bool _paused;
    private int _disposed;

    private SerialPort(SafeFileHandle port, string path)
    {
        _port = port;
        _thread = new Thread(Run) { Name = $"serial {Path.GetFileName(path)}", IsBackground = true };
        _thread.Start();
    }

    public PipeReader Input => _pipe.Reader;

    public SerialFault? Fault => _fault;

    /// <summary>What was asked for and the adapter does not do; the line works without. null: nothing.</summary>
    public SerialFault? Note { get; private init; }

    /// <summary>Opens it for us alone and sets it up.</summary>
    /// <returns>The port, or why not.</returns>
    public static (SerialPort? Port, SerialFault? Fault) Open(SerialSettings settings)
    {
        if (Libc.TryOpen(settings.Path) is not { } handle)
        {
            return (null, SerialFaults.Of(Libc.Error));
        }

        if ((Libc.TryClaim(handle) ? Termios.Apply(handle, settings) ?? settings.Rs485?.Apply(handle) : SerialFaults.Of(Libc.Error)) is { } fault)
        {
            handle.Dispose();
            return (null, fault);
        }

        var refusal = settings.LowLatency == false ? null : LowLatency.Apply(handle, settings.Path);
        return (new SerialPort(handle, settings.Path) { Note = settings.LowLatency == true ? refusal : null }, null);
    }

    /// <summary>A terminal that is open already and speaks as it is: the other end of a pseudo-terminal.</summary>
    internal static SerialPort Over(SafeFileHandle terminal, string name) => new(terminal, name);

    public async ValueTask<SerialFault?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (_fault is null && !_stopping && !bytes.IsEmpty)
        {
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var written = Write(bytes.Span);
            if (written > 0)
            {
                bytes = bytes[written..];
            }
            else if (_fault is null)
            {
                Volatile.Write(ref _writable, room);
                Libc.Signal(_signal);
                await Task.WhenAny(room.Task, _ended.Task).WaitAsync(cancellation);
            }
        }

        return _fault;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _stopping = true;
        Libc.Signal(_signal);
        await _ended.Task;
        _thread.Join();
        await _pipe.Reader.CompleteAsync();
        Libc.GiveUp(_port);
        _port.Dispose();
        _signal.Dispose();
    }

    /// <returns>Bytes that the driver took; 0: its buffer is full, or the port is gone.</returns>
    private unsafe int Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var written = Libc.Write(_port, first, bytes.Length);
            if (written < 0 && Libc.Error is not (Libc.WouldBlock or Libc.Interrupted))
            {
                End(SerialFaults.Of(Libc.Error));
            }

            return (int)Math.Max(written, 0);
        }
    }

    private unsafe void Run()
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[1] = new() { Descriptor = (int)_signal.DangerousGetHandle(), Events = Libc.PollIn };
        while (!_stopping && _fault is null)
        {
            var writable = Volatile.Read(ref _writable);
            entries[0] = new()
            {
                Descriptor = (int)_port.DangerousGetHandle(),
                Events = (short)((_paused ? 0 : Libc.PollIn) | (writable is null ? 0 : Libc.PollOut)),
            };
            if (Libc.Poll(entries, 2, -1) < 0)
            {
                continue;
            }

            if (entries[1].Returned != 0)
            {
                Libc.TakeSignal(_signal);
            }

            if (writable is not null && (entries[0].Returned & Libc.PollOut) != 0)
            {
                Interlocked.CompareExchange(ref _writable, null, writable);
                writable.SetResult();
            }

            if (!_paused && (entries[0].Returned & (Libc.PollIn | Gone)) != 0)
            {
                Receive();
            }
            else if ((entries[0].Returned & Gone) != 0)
            {
                End(SerialFaults.Unplugged);
            }
        }

        _pipe.Writer.Complete();
        _ended.SetResult();
    }

    /// <summary>Also when the port has gone: what had come before is read first.</summary>
    private unsafe void Receive()
    {
        var memory = _pipe.Writer.GetSpan(Chunk);
        nint count;
        fixed (byte* first = memory)
        {
            count = Libc.Read(_port, first, memory.Length);
        }

        if (count <= 0)
        {
            if (count == 0 || Libc.Error is not (Libc.WouldBlock or Libc.Interrupted))
            {
                End(count == 0 ? SerialFaults.Unplugged : SerialFaults.Of(Libc.Error));
            }

            return;
        }

        _pipe.Writer.Advance((int)count);
        var flush = _pipe.Writer.FlushAsync();
        if (!flush.IsCompleted)
        {
            _paused = true;
            flush.GetAwaiter().OnCompleted(() =>
            {
                _paused = false;
                if (!_stopping)
                {
                    Libc.Signal(_signal);
                }
            });
        }
    }

    private void End(SerialFault fault)
    {
        _fault ??= fault;
        Libc.Signal(_signal);
    }
}
