using System.Buffers.Binary;

namespace Gateway.Adapters.Modbus;

/// <summary>Writes request PDUs; each returns its length. The caller keeps to <see cref="ModbusLimits"/>.</summary>
public static class RequestPdu
{
    private const ushort CoilOn = 0xFF00;

    /// <summary>V1.1b3 §6.1–6.4: function, first address, quantity.</summary>
    public static int Read(Span<byte> pdu, FunctionCode function, ushort address, int count)
    {
        var limit = function is FunctionCode.ReadCoils or FunctionCode.ReadDiscreteInputs ? ModbusLimits.ReadBits : ModbusLimits.ReadRegisters;
        CheckCount(count, limit);
        return FiveBytes(pdu, function, address, (ushort)count);
    }

    /// <summary>V1.1b3 §6.5.</summary>
    public static int WriteCoil(Span<byte> pdu, ushort address, bool on) =>
        FiveBytes(pdu, FunctionCode.WriteSingleCoil, address, on ? CoilOn : (ushort)0);

    /// <summary>V1.1b3 §6.6.</summary>
    public static int WriteRegister(Span<byte> pdu, ushort address, ushort value) =>
        FiveBytes(pdu, FunctionCode.WriteSingleRegister, address, value);

    /// <summary>V1.1b3 §6.11.</summary>
    /// <param name="pdu">Where it goes.</param>
    /// <param name="address">First coil.</param>
    /// <param name="count">Number of coils.</param>
    /// <param name="bits">Eight coils a byte, the first in bit 0.</param>
    public static int WriteCoils(Span<byte> pdu, ushort address, int count, ReadOnlySpan<byte> bits)
    {
        CheckCount(count, ModbusLimits.WriteBits);
        return Multiple(pdu, FunctionCode.WriteMultipleCoils, address, count, bits[..((count + 7) / 8)]);
    }

    /// <summary>V1.1b3 §6.12.</summary>
    /// <param name="pdu">Where it goes.</param>
    /// <param name="address">First register.</param>
    /// <param name="registers">Two bytes for each register, as they go over the wire.</param>
    public static int WriteRegisters(Span<byte> pdu, ushort address, ReadOnlySpan<byte> registers)
    {
        CheckCount(registers.Length / 2, ModbusLimits.WriteRegisters);
        return Multiple(pdu, FunctionCode.WriteMultipleRegisters, address, registers.Length / 2, registers);
    }

    private static int Multiple(Span<byte> pdu, FunctionCode function, ushort address, int count, ReadOnlySpan<byte> data)
    {
        FiveBytes(pdu, function, address, (ushort)count);
        pdu[5] = (byte)data.Length;
        data.CopyTo(pdu[6..]);
        return 6 + data.Length;
    }

    private static int FiveBytes(Span<byte> pdu, FunctionCode function, ushort first, ushort second)
    {
        pdu[0] = (byte)function;
        BinaryPrimitives.WriteUInt16BigEndian(pdu[1..], first);
        BinaryPrimitives.WriteUInt16BigEndian(pdu[3..], second);
        return 5;
    }

    private static void CheckCount(int count, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, limit);
    }
}
