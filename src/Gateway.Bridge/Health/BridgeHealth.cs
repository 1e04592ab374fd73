using Microsoft.Extensions.Logging;

namespace Gateway.Bridge;

/// <summary>The state of one bridge. Tells each change once: a problem that stays the same is not repeated.</summary>
internal sealed class BridgeHealth(string bridge, TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private (BridgeState State, string? Server, DateTimeOffset Since, BridgeProblem? Problem) _now = (BridgeState.Connecting, null, time.GetUtcNow(), null);

    public (BridgeState State, string? Server, DateTimeOffset Since, BridgeProblem? Problem) Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    public void Connecting(string server)
    {
        lock (_lock)
        {
            // A new attempt does not make a known problem unknown.
            _now = _now with { Server = server };
        }
    }

    public void Connected(string server, bool sessionPresent, int window)
    {
        Change(BridgeState.Connected, server, null);
        BridgeLog.Connected(logger, bridge, server, sessionPresent ? "session resumed" : "new session", window);
    }

    public void Degraded(string server, BridgeProblem problem)
    {
        var before = Now;
        Change(BridgeState.Degraded, server, problem);
        if (before.State != BridgeState.Degraded || before.Problem?.Kind != problem.Kind)
        {
            BridgeLog.Degraded(logger, bridge, problem.Reason, problem.Remedy);
        }
    }

    public void Stopped()
    {
        Change(BridgeState.Stopped, Now.Server, null);
        BridgeLog.Stopped(logger, bridge);
    }

    private void Change(BridgeState state, string? server, BridgeProblem? problem)
    {
        lock (_lock)
        {
            _now = (state, server, _now.State == state ? _now.Since : time.GetUtcNow(), problem);
        }
    }
}
