namespace Gateway.Adapters.Lora;

/// <param name="Reason">Why the modem cannot be used, in the field's words.</param>
/// <param name="Remedy">What a person on site can do about it.</param>
internal sealed record ModemFault(string Reason, string Remedy);
