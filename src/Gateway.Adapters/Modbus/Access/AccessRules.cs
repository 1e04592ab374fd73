using System.Buffers.Binary;
using System.Globalization;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Which requests of a tool may go on the line, and what they would change.</summary>
internal static class AccessRules
{
    /// <param name="request">The request.</param>
    /// <param name="options">Of the line.</param>
    /// <param name="unit">Whom it is for.</param>
    /// <returns>Why it may not; null: it may.</returns>
    public static FieldReply? WhyNot(FieldRequest request, ModbusLinkOptions options, out byte unit)
    {
        // 0 is everybody on a serial line, and 248 to 255 are reserved (Modbus over Serial Line V1.02 §2.2).
        var (least, most) = (options.HasBroadcast ? 1 : 0, options.IsSerialLine ? 247 : 255);
        if (!byte.TryParse(request.Target, NumberStyles.None, CultureInfo.InvariantCulture, out unit) || unit < least || unit > most)
        {
            return FieldReply.NotSent($"\"{request.Target}\" is no unit of this line", $"write a number from {least} to {most}");
        }

        return request.Bytes.Length is < 1 or > ModbusLimits.Pdu || !IsKnown(request.Bytes.Span)
            ? FieldReply.NotSent("this is no request that the gateway carries out", "use the edge-gateway of the same version")
            : null;
    }

    /// <summary>For the log; null: it only reads.</summary>
    public static string? Change(FieldRequest request)
    {
        var pdu = request.Bytes.Span;
        if (!IsKnown(pdu) || (FunctionCode)pdu[0] is <= FunctionCode.ReadInputRegisters or FunctionCode.EncapsulatedInterface)
        {
            return null;
        }

        var place = $"unit {request.Target}, {((FunctionCode)pdu[0] is FunctionCode.WriteSingleCoil or FunctionCode.WriteMultipleCoils ? "coil" : "holding")} {BinaryPrimitives.ReadUInt16BigEndian(pdu[1..])}";
        return (FunctionCode)pdu[0] is FunctionCode.WriteSingleCoil or FunctionCode.WriteSingleRegister
            ? $"{place}: {Convert.ToHexString(pdu[3..5])}"
            : $"{place}, {BinaryPrimitives.ReadUInt16BigEndian(pdu[3..])} of them: {Convert.ToHexString(pdu[6..])}";
    }

    /// <summary>Functions 1 to 6, 15, 16, and device identification (43/14), as long as they must be.</summary>
    private static bool IsKnown(ReadOnlySpan<byte> pdu) => pdu.IsEmpty ? false : (FunctionCode)pdu[0] switch
    {
        FunctionCode.ReadCoils or FunctionCode.ReadDiscreteInputs or FunctionCode.ReadHoldingRegisters or FunctionCode.ReadInputRegisters
            or FunctionCode.WriteSingleCoil or FunctionCode.WriteSingleRegister => pdu.Length == 5,
        FunctionCode.WriteMultipleCoils or FunctionCode.WriteMultipleRegisters => pdu.Length > 6 && pdu.Length == 6 + pdu[5],
        FunctionCode.EncapsulatedInterface => pdu.Length == 4 && pdu[1] == IdentificationPart.Interface,
        _ => false,
    };
}
