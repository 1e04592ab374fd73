using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A <c>modbus-rtu</c> link: a serial line, RS-485 or RS-232, with the units on it.</summary>
public sealed record ModbusRtuOptions(string Id, SourcePosition Position) : ModbusSerialOptions(Id, TypeName, Position)
{
    public const string TypeName = "modbus-rtu";
}
