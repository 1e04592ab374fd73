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

    /// <summary>V1.1b3 §6.5, 6.6, 6.12: one coil or one register by its own function, which more devices have; more registers by the other.</summary>
    /// <param name="pdu">Where it goes.</param>
    /// <param name="space">Coil or holding.</param>
    /// <param name="address">The coil or the first register.</param>
    /// <param name="wire">Registers as they go over the wire; of a coil one byte, 0 or 1.</param>
    public static int Write(Span<byte> pdu, RegisterSpace space, ushort address, ReadOnlySpan<byte> wire) =>
        space == RegisterSpace.Coil ? WriteCoil(pdu, address, wire[0] != 0)
        : wire.Length == 2 ? WriteRegister(pdu, address, BinaryPrimitives.ReadUInt16BigEndian(wire))
        : WriteRegisters(pdu, address, wire);

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

    /// <summary>V1.1b3 §6.16: the register becomes (old AND <paramref name="and"/>) OR (<paramref name="or"/> AND NOT <paramref name="and"/>), in the device and at once.</summary>
    public static int MaskWrite(Span<byte> pdu, ushort address, ushort and, ushort or)
    {
        FiveBytes(pdu, FunctionCode.MaskWriteRegister, address, and);
        BinaryPrimitives.WriteUInt16BigEndian(pdu[5..], or);
        return 7;
    }

    /// <summary>V1.1b3 §6.17: writes first, then reads.</summary>
    /// <param name="pdu">Where it goes.</param>
    /// <param name="readAddress">First register to read.</param>
    /// <param name="readCount">Registers to read.</param>
    /// <param name="writeAddress">First register to write.</param>
    /// <param name="registers">Two bytes for each register to write, as they go over the wire.</param>
    public static int ReadWrite(Span<byte> pdu, ushort readAddress, int readCount, ushort writeAddress, ReadOnlySpan<byte> registers)
    {
        CheckCount(readCount, ModbusLimits.ReadRegisters);
        CheckCount(registers.Length / 2, ModbusLimits.ReadWriteRegisters);
        FiveBytes(pdu, FunctionCode.ReadWriteMultipleRegisters, readAddress, (ushort)readCount);
        BinaryPrimitives.WriteUInt16BigEndian(pdu[5..], writeAddress);
        BinaryPrimitives.WriteUInt16BigEndian(pdu[7..], (ushort)(registers.Length / 2));
        pdu[9] = (byte)registers.Length;
        registers.CopyTo(pdu[10..]);
        return 10 + registers.Length;
    }

    /// <summary>V1.1b3 §6.8.</summary>
    public static int Diagnose(Span<byte> pdu, DiagnosticFunction what, ushort data) => FiveBytes(pdu, FunctionCode.Diagnostics, (ushort)what, data);

    /// <summary>V1.1b3 §6.21.</summary>
    /// <param name="pdu">Where it goes.</param>
    /// <param name="level">Which objects.</param>
    /// <param name="from">The first object, or the only one.</param>
    public static int Identify(Span<byte> pdu, IdentificationLevel level, byte from)
    {
        pdu[0] = (byte)FunctionCode.EncapsulatedInterface;
        pdu[1] = IdentificationPart.Interface;
        pdu[2] = (byte)level;
        pdu[3] = from;
        return 4;
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
