using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A <c>modbus-tcp</c> link: one TCP connection to a device, or to a gateway with units behind it.</summary>
public sealed record ModbusTcpOptions(string Id, SourcePosition Position) : ModbusConnectionOptions(Id, TypeName, Position)
{
    public const string TypeName = "modbus-tcp";
}
