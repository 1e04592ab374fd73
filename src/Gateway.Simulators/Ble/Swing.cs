namespace Gateway.Simulators;

/// <summary>A value that goes up and down between two ends, at its own pace.</summary>
/// <param name="from">The lower end.</param>
/// <param name="to">The upper end.</param>
/// <param name="index">Which of a device's values: they do not move in step.</param>
internal sealed class Swing(double from, double to, int index)
{
    private static readonly TimeSpan s_time = TimeSpan.FromMinutes(2);

    private const double PhaseStep = 0.13;

    public double At(TimeSpan elapsed) => from + ((to - from) * (1 + Math.Sin(2 * Math.PI * ((elapsed / s_time) + (index * PhaseStep)))) / 2);
}
