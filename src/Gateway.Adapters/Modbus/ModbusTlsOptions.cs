using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway.Adapters.Modbus;

/// <summary>A <c>modbus-tls</c> link: Modbus TCP inside TLS (MODBUS/TCP Security), in which device and gateway show each other a certificate.</summary>
public sealed record ModbusTlsOptions(string Id, SourcePosition Position) : ModbusConnectionOptions(Id, TypeName, Position)
{
    public const string TypeName = "modbus-tls";

    /// <summary>802: registered for it.</summary>
    public const int DefaultTlsPort = 802;

    /// <summary>Whom the gateway trusts, and what it shows.</summary>
    public required TlsFiles Tls { get; init; }

    public override IReadOnlyList<(string? Path, string What)> Files => [(Tls.Ca, "the authorities"), (Tls.Certificate, "the certificate"), (Tls.Key, "the key")];
}
