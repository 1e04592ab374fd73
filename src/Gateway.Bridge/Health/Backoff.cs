namespace Gateway.Bridge;

/// <summary>Waiting times that double, each drawn from its upper half, so that a thousand gateways do not come back in step.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Func<double> random)
{
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    public TimeSpan Next()
    {
        var current = _next;
        _next = current * 2 < longest ? current * 2 : longest;
        return current * (0.5 + (random() / 2));
    }

    public void Reset() => _next = _first;
}
