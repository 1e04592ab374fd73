using Gateway.EndToEnd.Tests.Peers;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>How the line upstream is: it works, nobody listens there, or somebody who says nothing.</summary>
internal sealed class Weather(Mosquitto upstream)
{
    private Sky _now;

    public enum Sky
    {
        Up,
        Down,
        Stalled,
    }

    /// <summary>Half of the time it works, so that what piles up gets away again.</summary>
    public Task ChangeAsync(Random random) => SetAsync(random.Next(4) switch { 0 => Sky.Down, 1 => Sky.Stalled, _ => Sky.Up });

    public async Task SetAsync(Sky next)
    {
        if (next == _now)
        {
            return;
        }

        await (_now switch { Sky.Down => upstream.StartAsync(), Sky.Stalled => upstream.ContinueAsync(), _ => Task.CompletedTask });
        await (next switch { Sky.Down => upstream.StopAsync(), Sky.Stalled => upstream.StallAsync(), _ => Task.CompletedTask });
        _now = next;
    }
}
