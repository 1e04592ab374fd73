namespace Gateway.Adapters.Ble;

/// <summary>Why the radio cannot be used, or not as configured.</summary>
/// <param name="Reason">In the field's words.</param>
/// <param name="Remedy">What a person on site can do about it.</param>
internal sealed record RadioFault(string Reason, string Remedy);
