using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A <c>modbus-ascii</c> link: a serial line whose devices speak in hexadecimal digits.</summary>
public sealed record ModbusAsciiOptions(string Id, SourcePosition Position) : ModbusSerialOptions(Id, TypeName, Position)
{
    public const string TypeName = "modbus-ascii";

    /// <summary>7: digits need no more, and what ASCII devices speak by default (Modbus over Serial Line V1.02 §2.5.2).</summary>
    public const int DefaultDataBits = 7;
}
