namespace Gateway.Adapters.Modbus;

/// <summary>How a request ended.</summary>
public enum TransactionStatus : byte
{
    Ok,

    /// <summary>The device answered, and refused.</summary>
    Exception,

    /// <summary>No whole answer within the total deadline.</summary>
    Timeout,

    /// <summary>An answer that does not fit the request.</summary>
    Invalid,

    /// <summary>The line went away, or was closed because what came was not Modbus.</summary>
    Closed,
}

/// <param name="Status">How it ended.</param>
/// <param name="Exception">What the device said, with <see cref="TransactionStatus.Exception"/>.</param>
public readonly record struct TransactionResult(TransactionStatus Status, ExceptionCode Exception = ExceptionCode.None)
{
    public static TransactionResult Ok => default;

    public static TransactionResult Invalid => new(TransactionStatus.Invalid);

    public static TransactionResult Refused(ExceptionCode code) => new(TransactionStatus.Exception, code);

    public bool IsOk => Status == TransactionStatus.Ok;

    /// <summary>The unit itself answered, be it with a refusal.</summary>
    public bool UnitAnswered =>
        Status == TransactionStatus.Ok
        || (Status == TransactionStatus.Exception && Exception is not (ExceptionCode.GatewayPathUnavailable or ExceptionCode.GatewayTargetFailed));

    /// <summary>In the field's words (V1.1b3 §7); for <c>error</c> of a reading and the reason of a write.</summary>
    public string Reason => Status switch
    {
        TransactionStatus.Ok => "ok",
        TransactionStatus.Timeout => "timeout",
        TransactionStatus.Invalid => "invalid response",
        TransactionStatus.Closed => "connection lost",
        _ => Exception switch
        {
            ExceptionCode.IllegalFunction => "illegal function",
            ExceptionCode.IllegalDataAddress => "illegal data address",
            ExceptionCode.IllegalDataValue => "illegal data value",
            ExceptionCode.ServerDeviceFailure => "device failure",
            ExceptionCode.Acknowledge => "device still working on it",
            ExceptionCode.ServerDeviceBusy => "device busy",
            ExceptionCode.MemoryParityError => "memory parity error",
            ExceptionCode.GatewayPathUnavailable => "gateway path unavailable",
            ExceptionCode.GatewayTargetFailed => "gateway target device failed to respond",
            var other => $"exception {(byte)other}",
        },
    };

    /// <summary>What a person on site can do about it.</summary>
    public string Remedy => Status switch
    {
        TransactionStatus.Timeout => "check that the device has power, that unit-id is right, and whether it needs a longer timeout",
        TransactionStatus.Invalid => "the device answers something else than was asked; look for a second master on the same line or gateway",
        TransactionStatus.Closed => "the device or a gateway closed the connection; check how many connections it allows",
        _ => "check unit-id, and the wiring between the gateway device and this unit",
    };
}
