namespace Gateway.Adapters.Lora;

/// <summary>Something that a driver says to a modem or takes for granted of it, and where that is from. Each driver has a table of these, whose unverified ones <c>edge-gateway check</c> tells.</summary>
/// <param name="What">For people: <c>that it ships with 57600 baud</c>.</param>
/// <param name="Source">Document and section that was read; null: it is remembered, concluded or seen with others, and could not be compared with the maker's document.</param>
public sealed record ModemFact(string What, string? Source)
{
    /// <summary>What to do if it is not so; needed where there is no source.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>Beginnings of the commands that it stands for; empty: it is about no command.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>For which links it counts, and whether what is sent on them may hold a line end.</summary>
    internal Func<LoraOptions, bool, bool> Counts { get; init; } = static (_, _) => true;

    /// <summary>Commands that a document describes.</summary>
    internal static ModemFact Read(string source, params string[] commands) => new(string.Join(", ", commands), source) { Commands = commands };

    /// <summary>The speed of a modem as it is sold.</summary>
    internal static ModemFact Baud(int baud, string? source = null) => new($"that it ships with {baud} baud", source)
    {
        Remedy = "write baud: with what yours is set to, or let edge-gateway scan lora find it",
        Counts = static (link, _) => link.IsBaudAssumed,
    };
}
