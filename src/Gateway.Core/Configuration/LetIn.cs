namespace Gateway.Core;

/// <summary>Which devices become some of the gateway's without being in its configuration.</summary>
/// <param name="Patterns">Of addresses.</param>
/// <param name="Id">Their id, with <c>{address}</c> in it.</param>
/// <param name="Limit">How many there may be.</param>
public sealed record LetIn(IReadOnlyList<string> Patterns, string Id, int Limit);
