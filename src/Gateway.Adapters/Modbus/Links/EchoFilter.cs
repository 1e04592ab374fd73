using System.Buffers.Binary;

namespace Gateway.Adapters.Modbus;

/// <summary>Tells on a two-wire line one's own words from the answer.</summary>
/// <remarks>
/// The answer to a write is the request itself, or its beginning (functions 5, 6, 8, 15, 16, 22); that to a read of a few bits may spell the request. One such frame
/// may be the device or the echo, and to take the echo for the device would say that a write was carried out which nobody heard. So these are sent only once another
/// request has shown whether the line echoes: any whose echo cannot be mistaken for its answer.
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

    /// <summary>A read of what the request is about, whose echo is no answer to it: one bit or register is shorter.</summary>
    /// <param name="request">Request PDU, for which <see cref="MustProbe"/> holds.</param>
    /// <param name="probe">Gets the PDU; at least 5 bytes.</param>
    /// <returns>Its length.</returns>
    public static int Probe(ReadOnlySpan<byte> request, Span<byte> probe)
    {
        var function = (FunctionCode)request[0] switch
        {
            FunctionCode.ReadCoils or FunctionCode.WriteSingleCoil or FunctionCode.WriteMultipleCoils => FunctionCode.ReadCoils,
            FunctionCode.ReadDiscreteInputs => FunctionCode.ReadDiscreteInputs,
            _ => FunctionCode.ReadHoldingRegisters,
        };
        var hasAddress = (FunctionCode)request[0] is not FunctionCode.Diagnostics && request.Length > 2;
        return RequestPdu.Read(probe, function, hasAddress ? BinaryPrimitives.ReadUInt16BigEndian(request[1..]) : (ushort)0, 1);
    }

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

        // Unless the line is known to be silent, this alone may be the echo, or the beginning of it.
        return _echoes != false && (_mayBeAnswer || (received.Length < frame.Length && frame.StartsWith(received))) ? -1 : 0;
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
