using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>RTU requests. A real server ends them by silence; here bytes come as the machine has time, so that length and checksum decide.</summary>
internal sealed class RtuRequests : ISerialRequests
{
    public byte[] Find(ReadOnlySpan<byte> bytes, out int taken)
    {
        for (var start = 0; start < bytes.Length; start++)
        {
            var rest = bytes[start..];
            var length = Length(rest);
            if (rest.Length < length)
            {
                taken = start;
                return [];
            }

            if (RtuFrame.IsWhole(rest[..length]))
            {
                taken = start + length;
                return rest[..(length - 2)].ToArray();
            }
        }

        taken = bytes.Length;
        return [];
    }

    public byte[] Frame(byte unit, ReadOnlySpan<byte> pdu)
    {
        var frame = new byte[pdu.Length + RtuFrame.Overhead];
        RtuFrame.Write(frame, unit, pdu);
        return frame;
    }

    public void Damage(Span<byte> frame) => frame[3] ^= 0x10;

    /// <summary>Length of the frame that begins here; more than there is: too little of it has come to tell.</summary>
    private static int Length(ReadOnlySpan<byte> rest) => rest.Length < 2 ? 4 : (FunctionCode)rest[1] switch
    {
        FunctionCode.ReadCoils or FunctionCode.ReadDiscreteInputs or FunctionCode.ReadHoldingRegisters or FunctionCode.ReadInputRegisters
            or FunctionCode.WriteSingleCoil or FunctionCode.WriteSingleRegister or FunctionCode.Diagnostics => 8,
        FunctionCode.WriteMultipleCoils or FunctionCode.WriteMultipleRegisters => rest.Length < 7 ? 9 : 9 + rest[6],
        FunctionCode.MaskWriteRegister => 10,
        FunctionCode.ReadWriteMultipleRegisters => rest.Length < 11 ? 13 : 13 + rest[10],
        FunctionCode.EncapsulatedInterface => 7,
        _ => LengthOfUnknown(rest),
    };

    /// <summary>A function that is not known here is refused; where it ends only its checksum tells.</summary>
    private static int LengthOfUnknown(ReadOnlySpan<byte> rest)
    {
        for (var length = 4; length <= Math.Min(rest.Length, RtuFrame.Largest); length++)
        {
            if (RtuFrame.IsWhole(rest[..length]))
            {
                return length;
            }
        }

        // Noise does not wait for ever.
        return rest.Length < RtuFrame.Largest ? rest.Length + 1 : 4;
    }
}
