namespace Gateway.Adapters.Serial;

/// <summary>Why a serial port cannot be used.</summary>
/// <param name="Reason">In the field's words.</param>
/// <param name="Remedy">What a person on site can do about it.</param>
public sealed record SerialFault(string Reason, string Remedy);
