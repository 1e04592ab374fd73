using System.Buffers.Binary;

namespace Gateway.Adapters.Modbus;

/// <summary>How long the response to a request is, unless it is an exception. Frames on serial lines do not say so themselves.</summary>
internal static class ResponseLength
{
    /// <summary>Length of the PDU of an exception (V1.1b3 §7).</summary>
    public const int Exception = 2;

    /// <param name="request">Request PDU.</param>
    /// <returns>-1: it depends on what the device says.</returns>
    public static int Of(ReadOnlySpan<byte> request) => (FunctionCode)request[0] switch
    {
        FunctionCode.ReadCoils or FunctionCode.ReadDiscreteInputs => 2 + ((BinaryPrimitives.ReadUInt16BigEndian(request[3..]) + 7) / 8),
        FunctionCode.ReadHoldingRegisters or FunctionCode.ReadInputRegisters or FunctionCode.ReadWriteMultipleRegisters =>
            2 + (BinaryPrimitives.ReadUInt16BigEndian(request[3..]) * 2),
        FunctionCode.EncapsulatedInterface => -1,
        FunctionCode.Diagnostics or FunctionCode.MaskWriteRegister => request.Length,
        _ => 5,
    };

    /// <summary>As <see cref="Of(ReadOnlySpan{byte})"/>, knowing what has come.</summary>
    /// <returns>-1: too little has come to tell.</returns>
    public static int Of(ReadOnlySpan<byte> request, ReadOnlySpan<byte> begun) =>
        (begun[0] & ResponsePdu.ExceptionBit) != 0 ? Exception
        : Of(request) is var length and >= 0 ? length
        : IdentificationPart.Length(begun);

    /// <summary>For the time that it may take on the wire.</summary>
    public static int Longest(ReadOnlySpan<byte> request) => Of(request) is var length and >= 0 ? length : ModbusLimits.Pdu;
}
