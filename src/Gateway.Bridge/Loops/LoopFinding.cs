using Gateway.Configuration;

namespace Gateway.Bridge;

/// <summary>What <see cref="LoopCheck"/> says about a cycle.</summary>
/// <param name="Position">Where the first rule of the cycle is configured.</param>
/// <param name="IsError">false: a warning.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record LoopFinding(SourcePosition Position, bool IsError, string Text, string Remedy);
