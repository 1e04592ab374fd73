namespace Gateway.Adapters.Modbus;

/// <summary>A device's refusal in words for who stands before it, with what to try next (V1.1b3 §7).</summary>
internal static class Refusals
{
    /// <param name="code">What the device said.</param>
    /// <param name="unit">Who said it.</param>
    /// <param name="range">What was asked for.</param>
    /// <param name="isWrite">Whether it was to be written.</param>
    public static (string Reason, string Remedy) Explain(ExceptionCode code, byte unit, RegisterRange range, bool isWrite) => code switch
    {
        ExceptionCode.IllegalFunction => (
            $"exception 1: the device does not {(isWrite ? "write" : "read")} {range.Space.Word()} {Noun(range.Space)} at all",
            isWrite ? "it may take them one at a time, or not from everybody; look into its manual" : $"try {Other(range.Space)}"),
        ExceptionCode.IllegalDataAddress => (
            range.Count == 1 ? $"exception 2: no {Noun(range.Space)[..^1]} {range.Address} here" : $"exception 2: {range} are not all here, or not to be had in one piece",
            $"{(range.Count > 1 ? "try fewer with --count; " : "")}many manuals count from 1: try {Math.Max(range.Address - 1, 0)}; or the other table: try {Other(range.Space)} {range.Address}"),
        ExceptionCode.IllegalDataValue => (
            $"exception 3: the device does not take this {(isWrite ? "value" : "number of registers")}",
            isWrite ? "look into its manual for what it takes" : "try another --count: some values come whole or not at all"),
        ExceptionCode.ServerDeviceFailure => ("exception 4: the device failed", "look at the device itself; some say this of an address that is not there"),
        ExceptionCode.Acknowledge => ("exception 5: the device has accepted it and is still working on it", "read it again in a moment"),
        ExceptionCode.ServerDeviceBusy => ("exception 6: the device is busy", "try again; if it stays so, restart the device"),
        ExceptionCode.MemoryParityError => ("exception 8: the device's memory is damaged", "restart the device; if it stays so, it needs repair"),
        ExceptionCode.GatewayPathUnavailable => ($"exception 10: the gateway device has no way to unit {unit}", "look into its configuration, and whether its serial side is set up"),
        ExceptionCode.GatewayTargetFailed => ($"exception 11: the gateway device answers, unit {unit} behind it does not", "check the unit, its power and wiring, and the gateway device's baud and parity"),
        var other => ($"exception {(byte)other}: the device's own", "look into its manual"),
    };

    private static string Noun(RegisterSpace space) => space.IsBits() ? "bits" : "registers";

    private static string Other(RegisterSpace space) => space switch
    {
        RegisterSpace.Holding => RegisterSpace.Input.Word(),
        RegisterSpace.Input => RegisterSpace.Holding.Word(),
        RegisterSpace.Coil => RegisterSpace.Discrete.Word(),
        _ => RegisterSpace.Coil.Word(),
    };
}
