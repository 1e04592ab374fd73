namespace Gateway.Adapters.Serial;

/// <summary>The bit that guards each character.</summary>
public enum Parity : byte
{
    None,
    Even,
    Odd,
}
