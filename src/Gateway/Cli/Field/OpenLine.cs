using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>A line that a field tool may use now.</summary>
/// <param name="Name">Id of the link; null: it stands in no configuration.</param>
/// <param name="Address">As people write it.</param>
/// <param name="IsHeld">The running gateway holds it and is asked; otherwise this process has it open.</param>
/// <param name="Access">Carries out requests.</param>
/// <param name="Unit">Unit identifier.</param>
/// <param name="Device">The device of the configuration that was named; null: none was.</param>
/// <param name="Limit">Registers that one request may read.</param>
/// <param name="Options">The line as it is configured or described.</param>
internal sealed record OpenLine(string? Name, string Address, bool IsHeld, IFieldAccess Access, byte Unit, DeviceOptions? Device, int Limit, ModbusLinkOptions Options)
{
    /// <summary>The heading of what a tool shows: <c>plc 192.0.2.20:502, unit 17, through the running gateway</c>.</summary>
    public string Heading => $"{Place}, unit {Unit}{(IsHeld ? ", through the running gateway" : "")}";

    /// <summary>The line without its unit.</summary>
    public string Place => Words.Safe(Name is null ? Address : $"{Name} {Address}");
}
