namespace Gateway.Adapters.Modbus;

/// <summary>Asks a device who it is (function 43/14), as often as it has more to tell. Ids only grow, so that even a device that always promises more is asked 256 times at most.</summary>
/// <param name="level">How much is asked for.</param>
/// <param name="from">The first object, or the only one.</param>
internal sealed class IdentityReader(IdentificationLevel level, byte from = 0)
{
    private readonly List<IdentityObject> _objects = [];
    private byte _next = from;

    /// <summary>Writes the next request; returns its length.</summary>
    public int Request(Span<byte> pdu) => RequestPdu.Identify(pdu, level, _next);

    /// <param name="response">A response that <see cref="ResponsePdu.Check"/> found good.</param>
    /// <param name="identity">All that the device told; null: it has more to tell.</param>
    /// <returns>false: it makes no sense.</returns>
    public bool TryTake(ReadOnlySpan<byte> response, out DeviceIdentity? identity)
    {
        identity = null;
        var part = new IdentificationPart(response);
        if (!part.TryAddTo(_objects))
        {
            return false;
        }

        if (part.Next is { } next && level != IdentificationLevel.One)
        {
            _next = next;
        }
        else
        {
            identity = new(part.Conformity, _objects);
        }

        return true;
    }
}
