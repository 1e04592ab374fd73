using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>What came of reading or writing registers.</summary>
/// <param name="Outcome">Whether there was an answer.</param>
/// <param name="Exception">What the device refused it with; none: it did not refuse.</param>
/// <param name="Values">Of a read: two bytes for each register as on the wire, or eight bits a byte, the first in bit 0.</param>
/// <param name="Reason">Why it did not work, in words for who stands before the device; null: it worked.</param>
/// <param name="Remedy">What to try; null: it worked.</param>
public sealed record RegisterReply(FieldOutcome Outcome, ExceptionCode Exception, ReadOnlyMemory<byte> Values, string? Reason = null, string? Remedy = null)
{
    public bool IsOk => Outcome == FieldOutcome.Answered && Exception == ExceptionCode.None && Reason is null;

    /// <summary>The device itself says that these addresses are not there, or not in one piece.</summary>
    public bool IsHole => Exception is ExceptionCode.IllegalDataAddress or ExceptionCode.IllegalDataValue;

    /// <summary>It went out and nobody can say whether it was carried out. "Acknowledge" is an answer: the device is still working on it.</summary>
    public bool IsUnknown => Outcome == FieldOutcome.Unanswered;

    /// <summary>One line for people.</summary>
    public string Line => $"{Reason}; {Remedy}";
}
