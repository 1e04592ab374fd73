namespace Gateway.Bridge;

/// <summary>Lets one alert of a kind and subject through each minute, and tells how many it held back.</summary>
internal sealed class AlertGate(string bridge, Action<BridgeAlert> alert, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    /// <summary>Subjects that are remembered; beyond it the memory starts anew.</summary>
    private const int MaxSubjects = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Subject), (long At, int Held)> _last = [];

    /// <param name="kind">As in <see cref="BridgeAlert.Kind"/>.</param>
    /// <param name="subject">What it is about; equal ones are held back.</param>
    /// <param name="text">What happened.</param>
    /// <param name="remedy">What to do.</param>
    public void Raise(string kind, string subject, string text, string remedy)
    {
        lock (_lock)
        {
            if (_last.Count >= MaxSubjects)
            {
                _last.Clear();
            }

            var now = time.GetTimestamp();
            if (_last.TryGetValue((kind, subject), out var last) && time.GetElapsedTime(last.At, now) < s_interval)
            {
                _last[(kind, subject)] = last with { Held = last.Held + 1 };
                return;
            }

            text = last.Held > 0 ? $"{text} ({last.Held} more of these in between)" : text;
            _last[(kind, subject)] = (now, 0);
        }

        alert(new BridgeAlert(bridge, kind, text, remedy));
    }
}
