using System.Buffers.Binary;

namespace Gateway.Adapters.Modbus;

/// <summary>Checks response PDUs against their request. Anything that does not fit is rejected whole: a value is never taken from it.</summary>
public static class ResponsePdu
{
    /// <summary>Set in the function code of an exception response (V1.1b3 §7).</summary>
    public const byte ExceptionBit = 0x80;

    /// <summary>The values of a read begin here: behind function and byte count.</summary>
    public const int DataOffset = 2;

    /// <summary>The data of a diagnosis begins here: behind function and sub-function.</summary>
    private const int DiagnosisOffset = 3;

    /// <param name="response">The whole PDU.</param>
    /// <param name="request">What was asked, the whole PDU.</param>
    public static TransactionResult Check(ReadOnlySpan<byte> response, ReadOnlySpan<byte> request)
    {
        if (response.IsEmpty || response[0] == (request[0] | ExceptionBit))
        {
            return response.Length == ResponseLength.Exception && response[1] != 0 ? TransactionResult.Refused((ExceptionCode)response[1]) : TransactionResult.Invalid;
        }

        return Fits(response, request) ? TransactionResult.Ok : TransactionResult.Invalid;
    }

    /// <summary>The data of a good response to function 8.</summary>
    public static ushort Diagnosis(ReadOnlySpan<byte> response) => BinaryPrimitives.ReadUInt16BigEndian(response[DiagnosisOffset..]);

    private static bool Fits(ReadOnlySpan<byte> response, ReadOnlySpan<byte> request) => (FunctionCode)request[0] switch
    {
        // V1.1b3 §6.1–6.4, 6.17: function, byte count, values.
        FunctionCode.ReadCoils or FunctionCode.ReadDiscreteInputs or FunctionCode.ReadHoldingRegisters or FunctionCode.ReadInputRegisters
            or FunctionCode.ReadWriteMultipleRegisters =>
            response.Length == ResponseLength.Of(request) && response[0] == request[0] && response[1] == response.Length - DataOffset,
        FunctionCode.EncapsulatedInterface => IdentificationPart.Fits(response, request),
        FunctionCode.Diagnostics => FitsDiagnosis(response, request),

        // §6.16: the whole request.
        FunctionCode.MaskWriteRegister => response.SequenceEqual(request),

        // §6.5, 6.6, 6.11, 6.12: the request's first five bytes.
        _ => response.SequenceEqual(request[..5]),
    };

    /// <summary>§6.8: function and sub-function; then an answer, or the request's data where there is nothing to answer.</summary>
    private static bool FitsDiagnosis(ReadOnlySpan<byte> response, ReadOnlySpan<byte> request) =>
        (DiagnosticFunction)BinaryPrimitives.ReadUInt16BigEndian(request[1..])
            is DiagnosticFunction.ReturnQueryData or DiagnosticFunction.RestartCommunications or DiagnosticFunction.ClearCounters or DiagnosticFunction.ClearOverruns
            ? response.SequenceEqual(request)
            : response.Length == request.Length && response[..DiagnosisOffset].SequenceEqual(request[..DiagnosisOffset]);
}
