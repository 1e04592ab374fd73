namespace Gateway.Adapters.Modbus;

/// <summary>The four tables of a Modbus device (Modbus Application Protocol V1.1b3 §4.3), by their short names.</summary>
public enum RegisterSpace : byte
{
    /// <summary>One bit, read and write.</summary>
    Coil,

    /// <summary>One bit, read only.</summary>
    Discrete,

    /// <summary>16 bits, read only.</summary>
    Input,

    /// <summary>16 bits, read and write.</summary>
    Holding,
}

public static class RegisterSpaces
{
    /// <summary>Holds bits, not registers.</summary>
    public static bool IsBits(this RegisterSpace space) => space is RegisterSpace.Coil or RegisterSpace.Discrete;

    public static bool IsWritable(this RegisterSpace space) => space is RegisterSpace.Coil or RegisterSpace.Holding;

    /// <summary>As written in <c>register: holding 100</c>.</summary>
    public static string Word(this RegisterSpace space) => space switch
    {
        RegisterSpace.Coil => "coil",
        RegisterSpace.Discrete => "discrete",
        RegisterSpace.Input => "input",
        _ => "holding",
    };

    public static FunctionCode ReadFunction(this RegisterSpace space) => space switch
    {
        RegisterSpace.Coil => FunctionCode.ReadCoils,
        RegisterSpace.Discrete => FunctionCode.ReadDiscreteInputs,
        RegisterSpace.Input => FunctionCode.ReadInputRegisters,
        _ => FunctionCode.ReadHoldingRegisters,
    };
}
