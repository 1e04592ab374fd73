using System.Buffers.Binary;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>The server's side of functions 1–6, 15, 16, 22 and 23, with the checks in the order of the specification's state diagrams (V1.1b3 §6).</summary>
/// <param name="tables">One byte for each bit, two for each register.</param>
/// <param name="hidden">Addresses that do not exist.</param>
internal readonly ref struct UnitRequest(Func<RegisterSpace, byte[]> tables, HashSet<(RegisterSpace Space, int Address)> hidden)
{
    private const int Addresses = ushort.MaxValue + 1;

    public int Answer(ReadOnlySpan<byte> request, Span<byte> response)
    {
        if (request.Length < 5)
        {
            return Refuse(request, response, ExceptionCode.IllegalDataValue);
        }

        var address = BinaryPrimitives.ReadUInt16BigEndian(request[1..]);
        var number = BinaryPrimitives.ReadUInt16BigEndian(request[3..]);
        return (FunctionCode)request[0] switch
        {
            FunctionCode.ReadCoils => Read(RegisterSpace.Coil, address, number, request, response),
            FunctionCode.ReadDiscreteInputs => Read(RegisterSpace.Discrete, address, number, request, response),
            FunctionCode.ReadHoldingRegisters => Read(RegisterSpace.Holding, address, number, request, response),
            FunctionCode.ReadInputRegisters => Read(RegisterSpace.Input, address, number, request, response),
            FunctionCode.WriteSingleCoil => WriteCoil(address, number, request, response),
            FunctionCode.WriteSingleRegister => Write(RegisterSpace.Holding, address, 1, request[3..5], request, response),
            FunctionCode.WriteMultipleCoils => WriteMany(RegisterSpace.Coil, address, number, request, response),
            FunctionCode.WriteMultipleRegisters => WriteMany(RegisterSpace.Holding, address, number, request, response),
            FunctionCode.MaskWriteRegister => MaskWrite(address, number, request, response),
            FunctionCode.ReadWriteMultipleRegisters => ReadWrite(address, number, request, response),
            _ => Refuse(request, response, ExceptionCode.IllegalFunction),
        };
    }

    public static int Refuse(ReadOnlySpan<byte> request, Span<byte> response, ExceptionCode code)
    {
        response[0] = (byte)(request[0] | ResponsePdu.ExceptionBit);
        response[1] = (byte)code;
        return 2;
    }

    private int Read(RegisterSpace space, int address, int count, ReadOnlySpan<byte> request, Span<byte> response)
    {
        var limit = space.IsBits() ? ModbusLimits.ReadBits : ModbusLimits.ReadRegisters;
        if (request.Length != 5 || count < 1 || count > limit)
        {
            return Refuse(request, response, ExceptionCode.IllegalDataValue);
        }

        if (!Exists(space, address, count))
        {
            return Refuse(request, response, ExceptionCode.IllegalDataAddress);
        }

        var bytes = space.IsBits() ? (count + 7) / 8 : count * 2;
        response[0] = request[0];
        response[1] = (byte)bytes;
        var values = response.Slice(ResponsePdu.DataOffset, bytes);
        if (!space.IsBits())
        {
            tables(space).AsSpan(address * 2, bytes).CopyTo(values);
            return ResponsePdu.DataOffset + bytes;
        }

        values.Clear();
        for (var i = 0; i < count; i++)
        {
            values[i >> 3] |= (byte)(tables(space)[address + i] << (i & 7));
        }

        return ResponsePdu.DataOffset + bytes;
    }

    private int WriteCoil(int address, ushort value, ReadOnlySpan<byte> request, Span<byte> response) =>
        value is 0 or 0xFF00
            ? Write(RegisterSpace.Coil, address, 1, [(byte)(value >> 15)], request, response)
            : Refuse(request, response, ExceptionCode.IllegalDataValue);

    private int WriteMany(RegisterSpace space, int address, int count, ReadOnlySpan<byte> request, Span<byte> response)
    {
        var limit = space.IsBits() ? ModbusLimits.WriteBits : ModbusLimits.WriteRegisters;
        var bytes = space.IsBits() ? (count + 7) / 8 : count * 2;
        if (count < 1 || count > limit || request.Length != 6 + bytes || request[5] != bytes)
        {
            return Refuse(request, response, ExceptionCode.IllegalDataValue);
        }

        if (!space.IsBits())
        {
            return Write(space, address, count, request[6..], request, response);
        }

        Span<byte> coils = stackalloc byte[count];
        for (var i = 0; i < count; i++)
        {
            coils[i] = (byte)((request[6 + (i >> 3)] >> (i & 7)) & 1);
        }

        return Write(space, address, count, coils, request, response);
    }

    private int MaskWrite(int address, ushort and, ReadOnlySpan<byte> request, Span<byte> response)
    {
        if (request.Length != 7)
        {
            return Refuse(request, response, ExceptionCode.IllegalDataValue);
        }

        if (!Exists(RegisterSpace.Holding, address, 1))
        {
            return Refuse(request, response, ExceptionCode.IllegalDataAddress);
        }

        var register = tables(RegisterSpace.Holding).AsSpan(address * 2, 2);
        var or = BinaryPrimitives.ReadUInt16BigEndian(request[5..]);
        BinaryPrimitives.WriteUInt16BigEndian(register, (ushort)((BinaryPrimitives.ReadUInt16BigEndian(register) & and) | (or & ~and)));
        request.CopyTo(response);
        return 7;
    }

    private int ReadWrite(int address, int count, ReadOnlySpan<byte> request, Span<byte> response)
    {
        if (request.Length < 10 || count is < 1 or > ModbusLimits.ReadRegisters)
        {
            return Refuse(request, response, ExceptionCode.IllegalDataValue);
        }

        var (to, written) = (BinaryPrimitives.ReadUInt16BigEndian(request[5..]), BinaryPrimitives.ReadUInt16BigEndian(request[7..]));
        if (written is < 1 or > ModbusLimits.ReadWriteRegisters || request[9] != written * 2 || request.Length != 10 + request[9])
        {
            return Refuse(request, response, ExceptionCode.IllegalDataValue);
        }

        if (!Exists(RegisterSpace.Holding, address, count) || !Exists(RegisterSpace.Holding, to, written))
        {
            return Refuse(request, response, ExceptionCode.IllegalDataAddress);
        }

        // §6.17: the write comes before the read.
        request[10..].CopyTo(tables(RegisterSpace.Holding).AsSpan(to * 2));
        (response[0], response[1]) = (request[0], (byte)(count * 2));
        tables(RegisterSpace.Holding).AsSpan(address * 2, count * 2).CopyTo(response[ResponsePdu.DataOffset..]);
        return ResponsePdu.DataOffset + (count * 2);
    }

    private int Write(RegisterSpace space, int address, int count, ReadOnlySpan<byte> cells, ReadOnlySpan<byte> request, Span<byte> response)
    {
        if (!Exists(space, address, count))
        {
            return Refuse(request, response, ExceptionCode.IllegalDataAddress);
        }

        cells.CopyTo(tables(space).AsSpan(space.IsBits() ? address : address * 2));
        request[..5].CopyTo(response);
        return 5;
    }

    private bool Exists(RegisterSpace space, int address, int count)
    {
        if (address + count > Addresses)
        {
            return false;
        }

        for (var i = 0; hidden.Count > 0 && i < count; i++)
        {
            if (hidden.Contains((space, address + i)))
            {
                return false;
            }
        }

        return true;
    }
}
