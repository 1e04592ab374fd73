using System.Threading.Channels;

namespace Gateway.Applying;

/// <summary>A configuration on trial: runs, and is watched. Whoever asked for it hears of each step, and may end it.</summary>
/// <param name="number">Of this process.</param>
/// <param name="configuration">What is tried, grafted onto what ran before.</param>
/// <param name="request">What was asked for.</param>
/// <param name="by">Who asked.</param>
/// <param name="changesNothing">It is the same for whatever runs.</param>
internal sealed class Trial(int number, GatewayConfiguration configuration, ApplyRequest request, string by, bool changesNothing)
{
    /// <summary>An hour of steps, for somebody who has stopped reading.</summary>
    private const int MostLines = 3_600;

    private readonly Channel<TrialLine> _lines = Channel.CreateBounded<TrialLine>(new BoundedChannelOptions(MostLines) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Number => number;

    public GatewayConfiguration Configuration => configuration;

    public ApplyRequest Request => request;

    public string By => by;

    public TimeSpan Watch => changesNothing ? TimeSpan.Zero : TimeSpan.FromSeconds(request.WatchSeconds);

    /// <summary>Completes when whoever asked for it has gone away, or wants it back.</summary>
    public Task Left => _left.Task;

    /// <summary>Completes when its file is written.</summary>
    public Task Written => _written.Task;

    public void Leave() => _left.TrySetResult();

    public void Confirm() => _written.TrySetResult();

    public void Tell(TrialStep step, string? text, IReadOnlyList<HealthFault>? notWell = null, IReadOnlyList<HealthFault>? worse = null) =>
        _lines.Writer.TryWrite(new TrialLine(step, text, number, notWell, worse));

    public void End() => _lines.Writer.TryComplete();

    /// <summary>Each step as it comes, to the last.</summary>
    public IAsyncEnumerable<TrialLine> LinesAsync(CancellationToken cancellation) => _lines.Reader.ReadAllAsync(cancellation);
}
