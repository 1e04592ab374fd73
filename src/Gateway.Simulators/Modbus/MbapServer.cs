using System.Buffers.Binary;
using System.Collections.Concurrent;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>The units behind one network address, and what goes wrong with their answers.</summary>
internal sealed class MbapServer(ConcurrentDictionary<byte, SimulatedUnit> units, FaultPlan faults)
{
    public Fault? FaultFor(byte unit) => faults.For(unit);

    /// <summary>Makes the answer to a request.</summary>
    /// <param name="header">Of the request.</param>
    /// <param name="request">Request PDU.</param>
    /// <param name="fault">What goes wrong; when and how often it is sent is the caller's business.</param>
    /// <param name="frame">Where the answer goes, header included.</param>
    /// <returns>Its length.</returns>
    public int Answer(MbapHeader header, ReadOnlySpan<byte> request, Fault? fault, Span<byte> frame)
    {
        var response = frame[MbapHeader.Size..];
        var length = fault?.Kind == FaultKind.Exception ? UnitRequest.Refuse(request, response, fault.Exception)
            : units.TryGetValue(header.Unit, out var unit) ? unit.Answer(request, response)
            : UnitRequest.Refuse(request, response, ExceptionCode.GatewayTargetFailed);
        (header with { PduLength = length }).Write(frame);
        Damage(frame, fault);
        return MbapHeader.Size + length;
    }

    /// <summary>The same answer under another transaction identifier.</summary>
    public static byte[] Stranger(ReadOnlySpan<byte> frame)
    {
        var stranger = frame.ToArray();
        stranger[0] ^= 0x55;
        return stranger;
    }

    private static void Damage(Span<byte> frame, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.WrongTransaction:
                frame[0] ^= 0x55;
                break;
            case FaultKind.WrongProtocol:
                frame[3] = 1;
                break;
            case FaultKind.WrongLength:
                BinaryPrimitives.WriteUInt16BigEndian(frame[4..], fault.Length);
                break;
            case FaultKind.WrongUnit:
                frame[6]++;
                break;
            case FaultKind.WrongFunction:
                frame[MbapHeader.Size] ^= 7;
                break;
            case FaultKind.WrongByteCount:
                frame[MbapHeader.Size + 1] += 2;
                break;
            default:
                break;
        }
    }
}
