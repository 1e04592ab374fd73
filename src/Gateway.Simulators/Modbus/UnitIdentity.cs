using System.Text;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>The server's side of function 43/14 (V1.1b3 §6.21): what a simulated unit tells about itself.</summary>
public sealed class UnitIdentity
{
    private const byte LastBasic = 2;
    private const byte LastRegular = 0x7F;

    /// <summary>Extended, and each object can be asked for alone.</summary>
    private const byte Conformity = 0x83;

    private readonly SortedDictionary<byte, byte[]> _objects = new()
    {
        [0] = "Edge Gateway"u8.ToArray(),
        [1] = "SIM"u8.ToArray(),
        [2] = "1.0"u8.ToArray(),
        [5] = "simulated unit"u8.ToArray(),
    };

    /// <summary>Sets an object; at most 244 characters of ASCII, what a response can hold.</summary>
    public void Set(byte id, string text) => _objects[id] = Encoding.ASCII.GetBytes(text);

    /// <summary>Carries out a request.</summary>
    /// <param name="request">Request PDU.</param>
    /// <param name="response">Where the response PDU goes.</param>
    /// <returns>Length of the response.</returns>
    internal int Answer(ReadOnlySpan<byte> request, Span<byte> response)
    {
        if (request.Length < 2 || request[1] != IdentificationPart.Interface)
        {
            return UnitRequest.Refuse(request, response, ExceptionCode.IllegalFunction);
        }

        if (request.Length != 4 || request[2] is < 1 or > (byte)IdentificationLevel.One)
        {
            return UnitRequest.Refuse(request, response, ExceptionCode.IllegalDataValue);
        }

        var (level, from) = ((IdentificationLevel)request[2], request[3]);
        if (level == IdentificationLevel.One)
        {
            return _objects.ContainsKey(from) ? List(request, response, from, from) : UnitRequest.Refuse(request, response, ExceptionCode.IllegalDataAddress);
        }

        var last = level switch { IdentificationLevel.Basic => LastBasic, IdentificationLevel.Regular => LastRegular, _ => byte.MaxValue };

        // An object that is not there in a stream of them: from the beginning.
        return List(request, response, _objects.ContainsKey(from) && from <= last ? from : (byte)0, last);
    }

    private int List(ReadOnlySpan<byte> request, Span<byte> response, byte from, byte last)
    {
        request[..3].CopyTo(response);
        response[3] = Conformity;
        response[4..IdentificationPart.Header].Clear();
        var length = IdentificationPart.Header;
        foreach (var (id, value) in _objects)
        {
            if (id < from || id > last)
            {
                continue;
            }

            if (length + 2 + value.Length > ModbusLimits.Pdu)
            {
                (response[4], response[5]) = (0xFF, id);
                break;
            }

            response[6]++;
            (response[length], response[length + 1]) = (id, (byte)value.Length);
            value.CopyTo(response[(length + 2)..]);
            length += 2 + value.Length;
        }

        return length;
    }
}
