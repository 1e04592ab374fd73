using System.Net;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>The far end of one link of a user's configuration: a server on a port, or a pseudo-terminal with units behind it. TLS is not simulated.</summary>
public sealed class SimulatedLink : IAsyncDisposable
{
    private readonly IAsyncDisposable _server;
    private readonly Func<byte, SimulatedUnit> _unit;

    private SimulatedLink(ModbusLinkOptions options, IAsyncDisposable server, Func<byte, SimulatedUnit> unit, FaultPlan faults) =>
        (Options, _server, _unit, Faults) = (options, server, unit, faults);

    /// <summary>The link as it must be configured to lead here.</summary>
    public ModbusLinkOptions Options { get; }

    public FaultPlan Faults { get; }

    /// <param name="link">As configured.</param>
    /// <param name="where">Where the server of a link to a host listens.</param>
    /// <param name="time">For delayed answers.</param>
    /// <returns>null: it cannot be simulated.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">A port is in use, or not allowed.</exception>
    /// <exception cref="IOException">The system has no pseudo-terminal left.</exception>
    public static SimulatedLink? Start(ModbusLinkOptions link, Func<ModbusHostOptions, IPEndPoint> where, TimeProvider time)
    {
        switch (link)
        {
            case ModbusTcpOptions host:
                var tcp = ModbusTcpServer.Start(where(host), time);
                return new(host with { Host = $"{tcp.Endpoint.Address}", Port = tcp.Endpoint.Port, BackupHost = null }, tcp, tcp.Unit, tcp.Faults);
            case ModbusUdpOptions host:
                var udp = ModbusUdpServer.Start(where(host), time);
                return new(host with { Host = $"{udp.Endpoint.Address}", Port = udp.Endpoint.Port }, udp, udp.Unit, udp.Faults);
            case ModbusRtuOverTcpOptions or ModbusAsciiOverTcpOptions:
                var far = (ModbusConnectionOptions)link;
                var server = ModbusSerialServer.BehindDeviceServer(time, link is ModbusAsciiOverTcpOptions, where(far));
                return new(far with { Host = $"{server.Endpoint!.Address}", Port = server.Endpoint.Port, BackupHost = null }, server, server.Unit, server.Faults);
            case ModbusSerialOptions serial:
                var terminal = ModbusSerialServer.OnTerminal(null, time, serial is ModbusAsciiOptions);
                return new(serial with { Serial = serial.Serial with { Path = terminal.Device, Rs485 = null } }, terminal, terminal.Unit, terminal.Faults);
            default:
                return null;
        }
    }

    /// <summary>The unit with this identifier; made when it is first named.</summary>
    public SimulatedUnit Unit(byte id) => _unit(id);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
