using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Writes that wait for the line. Bounded: when it is full, a write fails at once.</summary>
internal sealed class WriteQueue(Action wake)
{
    /// <summary>64: more waiting commands than that are older than anybody wants when their turn comes.</summary>
    public const int Capacity = 64;

    private readonly Channel<WriteRequest> _requests =
        Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    public async ValueTask<WriteResult> AddAsync(WriteRequest request, CancellationToken cancellation)
    {
        if (!_requests.Writer.TryWrite(request))
        {
            return new(false, _requests.Reader.Completion.IsCompleted ? "the link has stopped" : "busy: too many writes wait for this line", null);
        }

        wake();
        try
        {
            return await request.Result.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (!request.TryStart())
        {
            // It is on the wire already: finishing it is quicker than explaining what is not known.
            return await request.Result.Task;
        }
    }

    public bool TryTake([NotNullWhen(true)] out WriteRequest? request)
    {
        while (_requests.Reader.TryRead(out request))
        {
            if (request.TryStart())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Nothing is written any more; who waits is told so.</summary>
    public void Stop()
    {
        _requests.Writer.TryComplete();
        while (TryTake(out var request))
        {
            request.Result.TrySetResult(new(false, "the link has stopped", null));
        }
    }
}
