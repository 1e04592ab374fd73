namespace Gateway.Adapters.Modbus;

/// <summary>Checks response PDUs against their request. Anything that does not fit is rejected whole: a value is never taken from it.</summary>
public static class ResponsePdu
{
    /// <summary>Set in the function code of an exception response (V1.1b3 §7).</summary>
    public const byte ExceptionBit = 0x80;

    /// <summary>The values of a read begin here: behind function and byte count.</summary>
    public const int DataOffset = 2;

    /// <param name="response">The whole PDU.</param>
    /// <param name="function">What was asked.</param>
    /// <param name="bytes">How many bytes of values were asked for.</param>
    public static TransactionResult CheckRead(ReadOnlySpan<byte> response, FunctionCode function, int bytes)
    {
        if (TryException(response, function, out var result))
        {
            return result;
        }

        return response.Length == DataOffset + bytes && response[0] == (byte)function && response[1] == bytes
            ? TransactionResult.Ok
            : TransactionResult.Invalid;
    }

    /// <summary>The response of functions 5, 6, 15 and 16 is the request's first five bytes (V1.1b3 §6.5, 6.6, 6.11, 6.12).</summary>
    public static TransactionResult CheckWrite(ReadOnlySpan<byte> response, ReadOnlySpan<byte> request)
    {
        if (TryException(response, (FunctionCode)request[0], out var result))
        {
            return result;
        }

        return response.SequenceEqual(request[..5]) ? TransactionResult.Ok : TransactionResult.Invalid;
    }

    private static bool TryException(ReadOnlySpan<byte> response, FunctionCode function, out TransactionResult result)
    {
        result = response.Length == 2 && response[1] != 0 ? TransactionResult.Refused((ExceptionCode)response[1]) : TransactionResult.Invalid;
        return response.IsEmpty || response[0] == ((byte)function | ExceptionBit);
    }
}
