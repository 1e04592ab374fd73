namespace Gateway.Core;

/// <summary>What an adapter may offer beside: a tool's own requests on its line, one at a time and between its polls, so that nobody else need open the line. Optional; asked for with <c>is</c>.</summary>
/// <remarks>Requests and answers are the protocol's own bytes (of Modbus: PDUs), so that what a tool can ask does not end with what this seam knows.</remarks>
public interface IFieldAccess
{
    /// <summary>Carries out one request when its turn comes, once, whatever comes of it. Waits while the line is being opened.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Ends the wait; what is on the wire is finished.</param>
    ValueTask<FieldReply> AskAsync(FieldRequest request, CancellationToken cancellation);

    /// <summary>What a request would change in the field, for the log; null: it only reads.</summary>
    string? Change(FieldRequest request);
}

/// <param name="Target">Whom on the line, as people write it (of Modbus: the unit identifier).</param>
/// <param name="Bytes">The request.</param>
public sealed record FieldRequest(string Target, ReadOnlyMemory<byte> Bytes);

/// <param name="Outcome">What came of it.</param>
/// <param name="Bytes">The answer, be it a refusal; empty without one.</param>
/// <param name="Reason">Why there is none, in the field's words; null with one.</param>
/// <param name="Remedy">What a person on site can do about it; null with one.</param>
public sealed record FieldReply(FieldOutcome Outcome, ReadOnlyMemory<byte> Bytes, string? Reason = null, string? Remedy = null)
{
    public static FieldReply NotSent(string reason, string remedy) => new(FieldOutcome.NotSent, default, reason, remedy);
}

/// <summary>What came of a request.</summary>
public enum FieldOutcome : byte
{
    /// <summary>An answer that belongs to it.</summary>
    Answered,

    /// <summary>It went out and no good answer came: whether it was carried out is not known.</summary>
    Unanswered,

    /// <summary>It never went out.</summary>
    NotSent,
}
