using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Requests of tools that wait for the line. Bounded: when it is full, a request fails at once.</summary>
internal sealed class AccessQueue(Action wake, TimeProvider time)
{
    /// <summary>16: as many people as look at one line at the same time, and more.</summary>
    public const int Capacity = 16;

    /// <summary>500 ms: on a line that is never idle a tool still gets on, and costs two requests a second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Channel<AccessRequest> _requests =
        Channel.CreateBounded<AccessRequest>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly long _patience = Ticks.Of(time, Patience);

    public async ValueTask<FieldReply> AddAsync(byte unit, FieldRequest request, CancellationToken cancellation)
    {
        var asked = new AccessRequest(unit, request.Bytes, AccessRules.Change(request) is not null, time.GetTimestamp());
        if (!_requests.Writer.TryWrite(asked))
        {
            return _requests.Reader.Completion.IsCompleted
                ? Stopped
                : FieldReply.NotSent("busy: too many requests of tools wait for this line", "end one of them, or ask again in a moment");
        }

        wake();
        try
        {
            return await asked.Reply.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (!asked.TryStart())
        {
            // It is on the wire already: finishing it is quicker than explaining what is not known.
            return await asked.Reply.Task;
        }
    }

    /// <summary>The next one whose turn it is: what changes something, ahead of polls as commands are; what reads, when no poll is due or when it has waited for long enough.</summary>
    public bool TryTake(long now, bool isIdle, [NotNullWhen(true)] out AccessRequest? request)
    {
        while (_requests.Reader.TryPeek(out request))
        {
            if (!isIdle && !request.Changes && now - request.AskedAt < _patience)
            {
                return false;
            }

            if (_requests.Reader.TryRead(out request) && request.TryStart())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Nothing is asked any more; who waits is told so.</summary>
    public void Stop()
    {
        _requests.Writer.TryComplete();
        while (TryTake(time.GetTimestamp(), isIdle: true, out var request))
        {
            request.Reply.TrySetResult(Stopped);
        }
    }

    private static FieldReply Stopped => FieldReply.NotSent("the link has stopped", "ask again when the gateway is up, or has taken its new configuration");
}

/// <param name="unit">Whom it is for.</param>
/// <param name="pdu">Request PDU.</param>
/// <param name="changes">Whether it writes.</param>
/// <param name="askedAt">Timestamp.</param>
internal sealed class AccessRequest(byte unit, ReadOnlyMemory<byte> pdu, bool changes, long askedAt)
{
    private int _isStarted;

    public byte Unit { get; } = unit;

    public ReadOnlyMemory<byte> Pdu { get; } = pdu;

    public bool Changes { get; } = changes;

    public long AskedAt { get; } = askedAt;

    public TaskCompletionSource<FieldReply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Once: by the line, or by who gives up.</summary>
    public bool TryStart() => Interlocked.Exchange(ref _isStarted, 1) == 0;
}
