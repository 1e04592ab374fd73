namespace Gateway.Adapters.Modbus;

/// <summary>Modbus Application Protocol V1.1b3 §5.1.</summary>
public enum FunctionCode : byte
{
    ReadCoils = 1,
    ReadDiscreteInputs = 2,
    ReadHoldingRegisters = 3,
    ReadInputRegisters = 4,
    WriteSingleCoil = 5,
    WriteSingleRegister = 6,

    /// <summary>Serial lines only by the specification; what it does is in <see cref="DiagnosticFunction"/>.</summary>
    Diagnostics = 8,
    WriteMultipleCoils = 15,
    WriteMultipleRegisters = 16,
    MaskWriteRegister = 22,
    ReadWriteMultipleRegisters = 23,

    /// <summary>Carries other interfaces; of these only device identification (14) is spoken.</summary>
    EncapsulatedInterface = 43,
}

/// <summary>Why a device refuses a request, in its own words (V1.1b3 §7).</summary>
public enum ExceptionCode : byte
{
    None = 0,
    IllegalFunction = 1,
    IllegalDataAddress = 2,
    IllegalDataValue = 3,
    ServerDeviceFailure = 4,

    /// <summary>Accepted, and it will take long.</summary>
    Acknowledge = 5,
    ServerDeviceBusy = 6,
    MemoryParityError = 8,
    GatewayPathUnavailable = 10,

    /// <summary>The gateway answers for a unit that does not.</summary>
    GatewayTargetFailed = 11,
}
