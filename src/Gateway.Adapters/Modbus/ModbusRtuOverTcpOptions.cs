using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A <c>modbus-rtu-over-tcp</c> link: a serial line behind a device server that passes its bytes on unchanged.</summary>
public sealed record ModbusRtuOverTcpOptions(string Id, SourcePosition Position) : ModbusConnectionOptions(Id, TypeName, Position)
{
    public const string TypeName = "modbus-rtu-over-tcp";

    public override bool IsSerialLine => true;
}
