namespace Gateway.Adapters.Serial;

/// <summary>The bit that guards each character.</summary>
public enum Parity : byte
{
    None,
    Even,
    Odd,
}

/// <summary>The words for it, the same in the configuration and on the command line.</summary>
public static class Parities
{
    /// <summary>Modbus's default first.</summary>
    public static IReadOnlyList<(string Word, Parity Parity)> Words { get; } = [("even", Parity.Even), ("odd", Parity.Odd), ("none", Parity.None)];

    public static string Word(this Parity parity) => Words.First(w => w.Parity == parity).Word;

    /// <returns>null: it is none of the words.</returns>
    public static Parity? Of(string word) => Words.FirstOrDefault(w => w.Word == word) is { Word: not null } known ? known.Parity : null;
}
