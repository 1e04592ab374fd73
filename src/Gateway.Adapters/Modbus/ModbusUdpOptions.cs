using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A <c>modbus-udp</c> link: the frames of Modbus TCP, one in each datagram.</summary>
public sealed record ModbusUdpOptions(string Id, SourcePosition Position) : ModbusHostOptions(Id, TypeName, Position)
{
    public const string TypeName = "modbus-udp";
}
