using Gateway.Broker;

namespace Gateway.Tests.Broker.Connections;

public sealed class AsyncSignalTests
{
    [Fact]
    public void WaitAsync_AfterASignal_CompletesOnce()
    {
        var signal = new AsyncSignal();
        signal.Set();
        signal.Set();
        Assert.True(signal.WaitAsync().IsCompletedSuccessfully);
        var waiting = signal.WaitAsync();
        Assert.False(waiting.IsCompleted);
        signal.Set();
        Assert.True(waiting.IsCompleted);
    }

    [Fact]
    public async Task Set_FromManyThreads_LosesNothing()
    {
        const int perThread = 50_000;
        var signal = new AsyncSignal();
        var produced = 0;
        var producers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < perThread; i++)
            {
                Interlocked.Increment(ref produced);
                signal.Set();
            }
        })).ToArray();
        while (Volatile.Read(ref produced) < 3 * perThread)
        {
            await signal.WaitAsync();
        }

        await Task.WhenAll(producers);
    }
}
