using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A <c>modbus-tcp</c> link: one TCP connection to a device, or to a gateway with units behind it.</summary>
public sealed record ModbusTcpOptions(string Id, SourcePosition Position) : ModbusConnectionOptions(Id, TypeName, Position)
{
    public const string TypeName = "modbus-tcp";

    /// <summary>Unit 0 is everybody behind the gateway, and nobody answers; false: it is the device itself (Modbus Messaging on TCP/IP V1.0b §4.4.2.5).</summary>
    public bool Broadcast { get; init; }

    public override bool HasBroadcast => Broadcast;
}
