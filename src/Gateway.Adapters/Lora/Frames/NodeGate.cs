using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Lora;

/// <summary>What came of a frame that was heard.</summary>
/// <param name="Verdict">Whether it is new.</param>
/// <param name="Frame">The frame, in the clear.</param>
/// <param name="Missing">Frames that are missing in front of it; null: that cannot be told.</param>
/// <param name="Reason">Why it is refused, for people; null: it is not.</param>
/// <param name="Remedy">What a person can do about it.</param>
internal readonly record struct GateOutcome(CounterVerdict Verdict, NodeFrame Frame, long? Missing, string? Reason = null, string? Remedy = null);

/// <summary>Lets in the frames of one node: of its key, in its order, and no recorded ones. Makes those that go to it.</summary>
internal sealed class NodeGate : IDisposable
{
    private readonly ushort _node;
    private readonly NodeCipher? _cipher;
    private readonly KeptCounter? _kept;
    private readonly NodeCounter _counter;
    // Anywhere: a node takes a command with the counter of the last one for the same, also after a restart of the gateway.
    private uint _nextPlain = (uint)Random.Shared.NextInt64(uint.MaxValue);

    /// <param name="node">Its number.</param>
    /// <param name="cipher">null: it sends in the clear. Owned from here on.</param>
    /// <param name="kept">Keeps its counters; there must be one with a cipher.</param>
    public NodeGate(ushort node, NodeCipher? cipher, KeptCounter? kept)
    {
        if (cipher is not null && kept is null)
        {
            throw new ArgumentNullException(nameof(kept), "counters of a node with a key must be kept");
        }

        (_node, _cipher, _kept) = (node, cipher, kept);
        _counter = new(cipher is not null, cipher is null ? null : kept!.Highest);
    }

    /// <summary>Frames that did not arrive, since the start.</summary>
    public long Lost => _counter.Lost;

    public GateOutcome Enter(in NodeFrame frame)
    {
        if (frame.IsFromGateway)
        {
            return Refuse(frame, "a frame of a gateway", null);
        }

        var clear = frame;
        if (_cipher is not null && !frame.IsEncrypted)
        {
            return Refuse(frame, "sent in the clear, though a key is configured", "give the node its key, or remove the key here");
        }

        if (_cipher is null && frame.IsEncrypted)
        {
            return Refuse(frame, "encrypted, and no key is configured", "add the key of the node");
        }

        if (_cipher?.TryDecrypt(frame, out clear) == false)
        {
            return Refuse(frame, "wrong key, or changed on its way", "compare the keys of node and gateway");
        }

        var verdict = _counter.Judge(frame.Counter);
        switch (verdict)
        {
            case CounterVerdict.Replayed:
                return new(
                    verdict, clear, null, $"counter {frame.Counter} after {_counter.Last}: an old frame, perhaps recorded and played back",
                    "if the node was restarted and has lost its counter: give it a key that it never had, here too, and let it keep its counter");
            case CounterVerdict.Repeated:
                return new(verdict, clear, 0);
            default:
                return _cipher is not null && !_kept!.Take(frame.Counter) ? new(CounterVerdict.Held, clear, null) : new(verdict, clear, _counter.Accept(frame.Counter));
        }
    }

    /// <summary>A frame to the node.</summary>
    /// <param name="kind">What it is for.</param>
    /// <param name="port">The kind of its payload.</param>
    /// <param name="payload">In the clear.</param>
    /// <param name="wantsAcknowledgement">The node shall say that it arrived.</param>
    /// <param name="frame">As it goes out.</param>
    /// <returns>Why it cannot be made; null: it is.</returns>
    public string? Make(FrameKind kind, byte port, ReadOnlyMemory<byte> payload, bool wantsAcknowledgement, out NodeFrame frame)
    {
        frame = default;
        var most = NodeFrame.LongestPayload - (_cipher is null ? 0 : NodeCipher.TagLength);
        if (payload.Length > most)
        {
            return $"{payload.Length} bytes of payload, and at most {most} fit into a frame";
        }

        var counter = _nextPlain;
        if (_cipher is null)
        {
            _nextPlain++;
        }
        else if (_kept!.TryNext(out counter) is { } problem)
        {
            return problem;
        }

        frame = new(kind, _node, counter, port, payload) { IsFromGateway = true, WantsAcknowledgement = wantsAcknowledgement };
        frame = _cipher?.Encrypt(frame) ?? frame;
        return null;
    }

    public void Dispose() => _cipher?.Dispose();

    private static GateOutcome Refuse(in NodeFrame frame, string reason, string? remedy) => new(CounterVerdict.Replayed, frame, null, reason, remedy);
}
