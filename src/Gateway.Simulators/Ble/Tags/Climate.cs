namespace Gateway.Simulators;

/// <summary>What simulated thermometers measure.</summary>
internal static class Climate
{
    private static readonly Swing s_temperature = new(18, 24, 0);
    private static readonly Swing s_humidity = new(40, 60, 1);
    private static readonly Swing s_battery = new(80, 100, 2);

    /// <summary>Degrees Celsius.</summary>
    public static double Temperature(TimeSpan elapsed) => s_temperature.At(elapsed);

    /// <summary>Percent.</summary>
    public static double Humidity(TimeSpan elapsed) => s_humidity.At(elapsed);

    /// <summary>Percent.</summary>
    public static double Battery(TimeSpan elapsed) => s_battery.At(elapsed);
}
