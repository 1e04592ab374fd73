using System.Diagnostics;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>Several publishers at once, some 4,000 messages a second together where the gateway takes them.</summary>
internal sealed class LoadStorm : IAsyncDisposable
{
    private const int Publishers = 8;
    private const int PerTick = 5;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly LoadPublisher[] _publishers;
    private readonly Task[] _running;
    private (int Count, TaskCompletionSource Reached)? _wanted;
    private int _acknowledged;
    private long _counted;
    private TimeSpan _busy;

    public LoadStorm(int port)
    {
        _publishers = [.. Enumerable.Range(1, Publishers).Select(id => new LoadPublisher(port, id, PerTick, Count))];
        _running = [.. _publishers.Select(p => Task.Run(() => p.RunAsync(_stop.Token)))];
    }

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Acknowledged messages a second, over all of <see cref="RunForAsync"/>.</summary>
    public double Rate => _busy > TimeSpan.Zero ? _counted / _busy.TotalSeconds : 0;

    public IReadOnlyCollection<ReasonCode> Refusals => [.. _publishers.SelectMany(p => p.Refusals).Distinct()];

    public bool Paused
    {
        set => Array.ForEach(_publishers, p => p.Paused = value);
    }

    /// <summary>Until so many more were acknowledged; measures the rate from the first of them on.</summary>
    public async Task RunForAsync(int messages)
    {
        await WaitForAsync(1);
        var (from, started) = (Acknowledged, Stopwatch.GetTimestamp());
        await WaitForAsync(messages);
        _counted += Acknowledged - from;
        _busy += Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Publisher and number of everything that was acknowledged.</summary>
    public IEnumerable<(int Publisher, int Number)> All() => _publishers.SelectMany(p => p.Acknowledged.Select(n => (p.Id, n)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task WaitForAsync(int more)
    {
        Task reached;
        lock (_lock)
        {
            var wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wanted = (_acknowledged + more, wanted);
            reached = wanted.Task;
        }

        await reached.WaitAsync(s_patience);
    }

    private void Count()
    {
        lock (_lock)
        {
            _acknowledged++;
            if (_wanted is { } wanted && _acknowledged >= wanted.Count)
            {
                _wanted = null;
                wanted.Reached.SetResult();
            }
        }
    }
}
