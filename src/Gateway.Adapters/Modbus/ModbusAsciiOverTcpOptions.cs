using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A <c>modbus-ascii-over-tcp</c> link: a serial line with ASCII devices, behind a device server that passes its bytes on unchanged.</summary>
public sealed record ModbusAsciiOverTcpOptions(string Id, SourcePosition Position) : ModbusConnectionOptions(Id, TypeName, Position)
{
    public const string TypeName = "modbus-ascii-over-tcp";

    public override bool IsSerialLine => true;
}
