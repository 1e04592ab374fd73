namespace Gateway.Adapters.Modbus;

/// <summary>The byte seam: carries a request PDU to a unit and brings back its response PDU. Framing, matching and the line's own errors are its business; what the PDUs mean is not.</summary>
/// <remarks>Not thread-safe: one task owns a link. After <see cref="TransactionStatus.Timeout"/> the link is either still in step or has closed itself; it never returns a response to an earlier request.</remarks>
public interface IModbusLink : IAsyncDisposable
{
    /// <summary>Whether a request can be sent. Falls when the line breaks or what came was not Modbus.</summary>
    bool IsOpen { get; }

    /// <summary>Requests keep the thread that calls until they end: it should be one of its own (<see cref="LineThread"/>).</summary>
    bool Blocks => false;

    /// <summary>Opens the line, once. Null when it is open, else why not.</summary>
    ValueTask<LineFault?> OpenAsync(CancellationToken cancellation);

    /// <summary>Whether this unit identifier is everybody's (Modbus over Serial Line V1.02 §2.2): who writes to it hears from nobody.</summary>
    bool IsBroadcast(byte unit) => false;

    /// <summary>One request, one response, one total deadline from the first byte sent to the last byte received.</summary>
    /// <param name="unit">Unit identifier.</param>
    /// <param name="request">Request PDU.</param>
    /// <param name="response">Where the response PDU goes; at least <see cref="ModbusLimits.Pdu"/> bytes.</param>
    /// <param name="cancellation">Ends it with an exception; the link is closed then.</param>
    /// <returns>Ok and no response when everybody was addressed: it has been sent.</returns>
    ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation);

    /// <summary>Looks whether the other end is still there, without sending anything. Closes the link if it is not.</summary>
    bool IsAlive();

    /// <summary>Closed because nobody asks, and opened again by itself with the next request. May be read by any thread.</summary>
    bool IsResting => false;

    /// <summary>Closes the line; it can be opened again.</summary>
    ValueTask CloseAsync();

    /// <summary>Why the link closed itself; null while it is open.</summary>
    LineFault? Fault { get; }

    /// <summary>What a person should know of the open line (that the backup serves, that the adapter refuses a setting); null: nothing. May be read by any thread.</summary>
    LineFault? Note => null;
}

/// <param name="Status">Ok, Timeout, Invalid or Closed.</param>
/// <param name="Length">Length of the response PDU.</param>
public readonly record struct LinkReply(TransactionStatus Status, int Length = 0);

/// <summary>Why a line is not up.</summary>
/// <param name="Reason">In the field's words (<c>connection refused</c>).</param>
/// <param name="Remedy">What a person on site can do about it.</param>
public sealed record LineFault(string Reason, string Remedy);
