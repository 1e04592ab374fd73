namespace Gateway.Adapters.Heard;

/// <summary>How long devices of one kind may be silent, as long as nothing better is known.</summary>
/// <param name="Unknown">Before their rhythm is known.</param>
/// <param name="Least">However often they are heard.</param>
/// <param name="Most">However seldom.</param>
public sealed record RhythmLimits(TimeSpan Unknown, TimeSpan Least, TimeSpan Most);

/// <summary>Learns how often a device is heard, and says how long its silence may last before it means something.</summary>
/// <remarks>Sensors send in bursts and sleep, and of what they send some is lost: the longest of the latest pauses counts as well as the mean.</remarks>
public sealed class Rhythm(RhythmLimits limits)
{
    /// <summary>10 mean pauses: with every second packet lost, one false alarm in a thousand.</summary>
    private const double MeanPauses = 10;

    /// <summary>3 of the longest: two packets in a row may be lost.</summary>
    private const double LongestPauses = 3;

    /// <summary>How far a pause that was already too long may stretch what is allowed: a device that has become slower is known again after a few.</summary>
    private const double Stretch = 1.5;

    /// <summary>Pauses after which the longest is forgotten, at most twice as many.</summary>
    private const int Window = 64;

    /// <summary>Pauses before the rhythm counts as known.</summary>
    private const int Enough = 4;

    private const double Weight = 1.0 / 8;

    private double _mean;
    private double _longest;
    private double _longestBefore;
    private int _inWindow;
    private int _count;

    /// <summary>How long it may be silent.</summary>
    public TimeSpan Silence
    {
        get
        {
            if (_count < Enough)
            {
                return limits.Unknown;
            }

            var seconds = Math.Max(MeanPauses * _mean, LongestPauses * Math.Max(_longest, _longestBefore));
            return TimeSpan.FromSeconds(Math.Clamp(seconds, limits.Least.TotalSeconds, limits.Most.TotalSeconds));
        }
    }

    /// <param name="pause">How long it had been silent.</param>
    public void Heard(TimeSpan pause)
    {
        var seconds = Math.Min(pause.TotalSeconds, Silence.TotalSeconds * Stretch / LongestPauses);
        _mean = _count == 0 ? seconds : _mean + ((seconds - _mean) * Weight);
        if (++_inWindow > Window)
        {
            (_longestBefore, _longest, _inWindow) = (_longest, 0, 0);
        }

        _longest = Math.Max(_longest, seconds);
        _count = Math.Min(_count + 1, Enough);
    }
}
