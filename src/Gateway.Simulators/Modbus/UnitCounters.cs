using System.Buffers.Binary;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>The server's side of function 8 (V1.1b3 §6.8): counters of what a unit saw on its line.</summary>
internal sealed class UnitCounters
{
    // By sub-function, from BusMessages on.
    private readonly int[] _counts = new int[DiagnosticFunction.CharacterOverruns - DiagnosticFunction.BusMessages + 1];

    /// <summary>Counts one; wraps as the 16 bits of the protocol do.</summary>
    public void Count(DiagnosticFunction what) => Interlocked.Increment(ref _counts[what - DiagnosticFunction.BusMessages]);

    /// <summary>Carries out a request.</summary>
    /// <param name="request">Request PDU of at least 5 bytes.</param>
    /// <param name="response">Where the response PDU goes.</param>
    /// <returns>Length of the response; null: there is no such sub-function.</returns>
    public int? Answer(ReadOnlySpan<byte> request, Span<byte> response)
    {
        var what = (DiagnosticFunction)BinaryPrimitives.ReadUInt16BigEndian(request[1..]);
        request.CopyTo(response);
        switch (what)
        {
            case DiagnosticFunction.ReturnQueryData:
                break;
            case DiagnosticFunction.ReturnDiagnosticRegister:
                Put(response, 0);
                break;
            case DiagnosticFunction.RestartCommunications or DiagnosticFunction.ClearCounters:
                Array.Clear(_counts);
                break;
            case DiagnosticFunction.ClearOverruns:
                _counts[DiagnosticFunction.CharacterOverruns - DiagnosticFunction.BusMessages] = 0;
                break;
            case >= DiagnosticFunction.BusMessages and <= DiagnosticFunction.CharacterOverruns:
                Put(response, Volatile.Read(ref _counts[what - DiagnosticFunction.BusMessages]));
                break;
            default:
                return null;
        }

        return request.Length;
    }

    private static void Put(Span<byte> response, int value) => BinaryPrimitives.WriteUInt16BigEndian(response[3..], (ushort)value);
}
