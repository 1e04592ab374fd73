namespace Gateway.Adapters.Modbus;

/// <summary>Tells on a two-wire line one's own words from the answer.</summary>
/// <remarks>
/// The answer to a write is the request itself, or its beginning (functions 5, 6, 8, 15, 16, 22); that to a read of a few bits may spell the request. One such frame
/// may be the device or the echo, and to take the echo for the device would say that a write was carried out which nobody heard. So these are sent only once another
/// request has shown whether the line echoes: its echo cannot be mistaken, and comes whether or not anybody answers.
/// </remarks>
internal sealed class EchoFilter(EchoMode mode)
{
    /// <summary>What switching the transmitter on may put in front of the echo.</summary>
    private const int Noise = 4;

    private static readonly LineFault s_heard =
        new("what is sent comes back to the sender (echo); it is left out", "nothing to do; echo: always in the link says so from the beginning, or switch the adapter's echo off");

    private static readonly LineFault s_contradicted =
        new("what is sent comes back to the sender (echo), although the link says echo: never", "write echo: auto or echo: always; until then no answer on this line can be trusted");

    private bool? _echoes = mode switch { EchoMode.Always => true, EchoMode.Never => false, _ => null };
    private volatile LineFault? _note;
    private bool _mayBeAnswer;
    private bool _wasHeard;

    /// <summary>That the line echoes; null: nothing to say. May be read by any thread.</summary>
    public LineFault? Note => _note;

    /// <summary>The line echoes.</summary>
    public bool IsHeard => _echoes == true;

    /// <summary>The line may be another one now; what was told of it is told anew only when it is otherwise.</summary>
    public void Forget() => _echoes = mode == EchoMode.Auto ? null : _echoes;

    /// <summary>Whether something else must be asked before this request, because its echo would look like its answer.</summary>
    /// <param name="request">Request PDU.</param>
    public bool MustProbe(ReadOnlySpan<byte> request) => _echoes is null && MayBeAnswer(request);

    /// <param name="request">Request PDU.</param>
    public void Begin(ReadOnlySpan<byte> request) => (_mayBeAnswer, _wasHeard) = (MayBeAnswer(request), false);

    /// <summary>Looks where an answer may begin.</summary>
    /// <param name="received">What has come since the request.</param>
    /// <param name="frame">The request as it was sent.</param>
    /// <returns>-1: nothing of it can be one yet.</returns>
    public int Start(ReadOnlySpan<byte> received, ReadOnlySpan<byte> frame)
    {
        var at = received[..Math.Min(received.Length, Noise + frame.Length)].IndexOf(frame);
        if (_echoes == true || !_mayBeAnswer)
        {
            if (at >= 0)
            {
                return Heard(at + frame.Length);
            }

            if (mode == EchoMode.Always)
            {
                return -1;
            }
        }

        // Of a line that did echo, this alone would be the echo; of an unknown one, its beginning may be.
        return _echoes == true && _mayBeAnswer || _echoes != false && received.Length < frame.Length && frame.StartsWith(received) ? -1 : 0;
    }

    /// <summary>The answer was found.</summary>
    public void Answered()
    {
        if (mode == EchoMode.Auto && !_mayBeAnswer && !_wasHeard)
        {
            // A line that echoed and does so no more is unknown again: the next answer decides.
            _echoes = _echoes == true ? null : false;
            _note = null;
        }
    }

    private int Heard(int end)
    {
        if (mode == EchoMode.Never)
        {
            _note = s_contradicted;
            return -1;
        }

        (_echoes, _wasHeard, _note) = (true, true, mode == EchoMode.Auto ? s_heard : null);
        return end;
    }

    /// <summary>Whether a good answer to this may be the same bytes, or the first of them.</summary>
    private static bool MayBeAnswer(ReadOnlySpan<byte> request) => (FunctionCode)request[0] switch
    {
        FunctionCode.ReadCoils or FunctionCode.ReadDiscreteInputs or FunctionCode.ReadHoldingRegisters or FunctionCode.ReadInputRegisters or FunctionCode.ReadWriteMultipleRegisters =>
            ResponseLength.Of(request) == request.Length && request[1] == request.Length - ResponsePdu.DataOffset,
        FunctionCode.EncapsulatedInterface => false,
        _ => true,
    };
}
