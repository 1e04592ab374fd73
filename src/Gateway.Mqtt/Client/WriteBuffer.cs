using System.Buffers;
using System.Threading.Channels;

namespace Gateway.Mqtt;

/// <summary>What waits for the socket: many threads append packets, one task writes everything that has gathered in one go.</summary>
internal sealed class WriteBuffer(int limit, TimeProvider time)
{
    /// <summary>512 KiB: a whole window of small messages, so that draining a backlog does not make a new buffer for each. A larger burst's buffer is not kept.</summary>
    private const int Kept = 512 << 10;

    /// <summary>QoS 0, which promises nothing, gets half of the buffer: on a slow line it would otherwise fill all of it again and again, and the outbox would never find room.</summary>
    private const int AtMostOnceShare = 2;

    private const long NotWriting = long.MinValue;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private ArrayBufferWriter<byte> _filling = new(4096);
    private ArrayBufferWriter<byte> _writing = new(4096);
    private bool _completed;
    private int _waiting;
    private long _writingSince = NotWriting;
    private long _lastWrite = time.GetTimestamp();

    /// <summary>How long the socket has not taken what is being written.</summary>
    public TimeSpan Stalled => Volatile.Read(ref _writingSince) is var since and not NotWriting ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>How long nothing has been sent.</summary>
    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _lastWrite));

    /// <summary>Whether a publish would be turned away.</summary>
    public bool IsFullFor(QualityOfService qos) => Volatile.Read(ref _waiting) >= (qos == QualityOfService.AtMostOnce ? limit / AtMostOnceShare : limit);

    /// <summary>Appends a packet. Control packets pass even when the buffer is full: protocol windows bound them.</summary>
    /// <returns>false: the connection is ending.</returns>
    public bool Append<T>(T packet, Action<IBufferWriter<byte>, T> write)
    {
        bool first;
        lock (_lock)
        {
            if (_completed)
            {
                return false;
            }

            first = _filling.WrittenCount == 0;
            write(_filling, packet);
            Volatile.Write(ref _waiting, _filling.WrittenCount);
        }

        // Whoever found it empty has told the writing task, which does not rest before it is empty again.
        if (first)
        {
            _signal.Writer.TryWrite(true);
        }

        return true;
    }

    /// <summary>Nothing more is taken; <see cref="RunAsync"/> returns once all is written.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
        }

        _signal.Writer.TryWrite(true);
    }

    public async Task RunAsync(Stream stream, CancellationToken cancellation)
    {
        while (await _signal.Reader.WaitToReadAsync(cancellation))
        {
            _signal.Reader.TryRead(out _);
            while (Swap())
            {
                Volatile.Write(ref _writingSince, time.GetTimestamp());
                await stream.WriteAsync(_writing.WrittenMemory, cancellation);
                await stream.FlushAsync(cancellation);
                Volatile.Write(ref _lastWrite, time.GetTimestamp());
                Volatile.Write(ref _writingSince, NotWriting);
            }

            lock (_lock)
            {
                if (_completed && _filling.WrittenCount == 0)
                {
                    return;
                }
            }
        }
    }

    private bool Swap()
    {
        lock (_lock)
        {
            if (_filling.WrittenCount == 0)
            {
                return false;
            }

            (_filling, _writing) = (_writing, _filling);
            if (_filling.Capacity > Kept)
            {
                _filling = new ArrayBufferWriter<byte>(4096);
            }

            _filling.ResetWrittenCount();
            Volatile.Write(ref _waiting, 0);
            return true;
        }
    }
}
