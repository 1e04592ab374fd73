namespace Gateway.Adapters.Payloads;

/// <param name="Name">Of the field, before the channel.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsSigned">Two's complement.</param>
/// <param name="Scale">What one step is worth in <paramref name="Unit"/>.</param>
/// <param name="Unit">For people; null: none.</param>
internal sealed record CayennePart(string Name, int Length, bool IsSigned, decimal Scale, string? Unit);

internal enum CayenneShape : byte
{
    Number,

    /// <summary>0 and 1 are false and true; other numbers stay what they are.</summary>
    OnOff,

    /// <summary>Red, green and blue, as one text.</summary>
    Colour,
}

/// <summary>One type of Cayenne LPP.</summary>
/// <param name="Code">On the wire.</param>
/// <param name="Name">For people.</param>
/// <param name="Parts">Its numbers, in their order.</param>
internal sealed record CayenneType(byte Code, string Name, params CayennePart[] Parts)
{
    public CayenneShape Shape { get; private init; }

    public int Length { get; } = Parts.Sum(p => p.Length);

    public static IReadOnlyList<CayenneType> All { get; } =
    [
        OnOff(0, "digital-input"),
        OnOff(1, "digital-output"),
        One(2, "analog-input", 2, 0.01m, null, isSigned: true),
        One(3, "analog-output", 2, 0.01m, null, isSigned: true),
        One(100, "generic", 4, 1, null),
        One(101, "luminosity", 2, 1, "lx"),
        OnOff(102, "presence"),
        One(103, "temperature", 2, 0.1m, "°C", isSigned: true),
        One(104, "humidity", 1, 0.5m, "%"),
        Three(113, "acceleration", 0.001m, "g"),
        One(115, "pressure", 2, 0.1m, "hPa"),
        One(116, "voltage", 2, 0.01m, "V"),
        One(117, "current", 2, 0.001m, "A"),
        One(118, "frequency", 4, 1, "Hz"),
        One(120, "percentage", 1, 1, "%"),
        One(121, "altitude", 2, 1, "m", isSigned: true),
        One(125, "concentration", 2, 1, "ppm"),
        One(128, "power", 2, 1, "W"),
        One(130, "distance", 4, 0.001m, "m"),
        One(131, "energy", 4, 0.001m, "kWh"),
        One(132, "direction", 2, 1, "°"),
        One(133, "unix-time", 4, 1, "s"),
        Three(134, "rotation", 0.01m, "°/s"),
        new(135, "colour", new CayennePart("colour", 3, false, 1, null)) { Shape = CayenneShape.Colour },
        new(136, "gps", new("latitude", 3, true, 0.0001m, "°"), new("longitude", 3, true, 0.0001m, "°"), new("gps-altitude", 3, true, 0.01m, "m")),
        OnOff(142, "switch"),
    ];

    private static CayenneType One(byte code, string name, int length, decimal scale, string? unit, bool isSigned = false) => new(code, name, new CayennePart(name, length, isSigned, scale, unit));

    private static CayenneType OnOff(byte code, string name) => new(code, name, new CayennePart(name, 1, false, 1, null)) { Shape = CayenneShape.OnOff };

    private static CayenneType Three(byte code, string name, decimal scale, string unit) =>
        new(code, name, new($"{name}-x", 2, true, scale, unit), new($"{name}-y", 2, true, scale, unit), new($"{name}-z", 2, true, scale, unit));
}
