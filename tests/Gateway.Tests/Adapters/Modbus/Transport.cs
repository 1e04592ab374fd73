namespace Gateway.Tests.Adapters.Modbus;

/// <summary>What a Modbus line is carried by; one for each type in the catalog.</summary>
public enum Transport
{
    Tcp,
    Tls,
    Udp,
    Rtu,
    RtuOverTcp,
    Ascii,
    AsciiOverTcp,
}
