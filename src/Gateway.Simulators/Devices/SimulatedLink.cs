using System.Net;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>The far end of one link of a user's configuration: a server on a port, or a pseudo-terminal with units behind it.</summary>
public sealed class SimulatedLink : IAsyncDisposable
{
    private readonly IAsyncDisposable _server;
    private readonly Func<byte, SimulatedUnit> _unit;
    private readonly PlantCertificates? _certificates;
    private readonly DirectoryInfo? _folder;

    private SimulatedLink(ModbusLinkOptions options, IAsyncDisposable server, Func<byte, SimulatedUnit> unit, FaultPlan faults) =>
        (Options, _server, _unit, Faults) = (options, server, unit, faults);

    private SimulatedLink(ModbusTlsOptions options, ModbusTcpServer server, PlantCertificates certificates, DirectoryInfo folder)
        : this(options, server, server.Unit, server.Faults) => (_certificates, _folder) = (certificates, folder);

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
            case ModbusTlsOptions host:
                return StartTls(host, where(host), time);
            case ModbusUdpOptions host:
                var udp = ModbusUdpServer.Start(where(host), time);
                return new(host with { Host = $"{udp.Endpoint.Address}", Port = udp.Endpoint.Port }, udp, udp.Unit, udp.Faults);
            case ModbusRtuOverTcpOptions or ModbusAsciiOverTcpOptions:
                var far = (ModbusConnectionOptions)link;
                var server = ModbusSerialServer.BehindDeviceServer(time, link is ModbusAsciiOverTcpOptions, where(far));
                server.Echoes = link.Echo == EchoMode.Always;
                return new(far with { Host = $"{server.Endpoint!.Address}", Port = server.Endpoint.Port, BackupHost = null }, server, server.Unit, server.Faults);
            case ModbusSerialOptions serial:
                var terminal = ModbusSerialServer.OnTerminal(null, time, serial is ModbusAsciiOptions);
                terminal.Echoes = link.Echo == EchoMode.Always;
                return new(serial with { Serial = serial.Serial with { Path = terminal.Device, Rs485 = null } }, terminal, terminal.Unit, terminal.Faults);
            default:
                return null;
        }
    }

    /// <summary>The unit with this identifier; made when it is first named.</summary>
    public SimulatedUnit Unit(byte id) => _unit(id);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificates?.Dispose();
        if (_folder is { Exists: true })
        {
            _folder.Delete(recursive: true);
            _folder.Refresh();
        }
    }

    /// <summary>With certificates of its own, because nobody but the device has the device's key: the gateway's are in a folder that goes with the link.</summary>
    private static SimulatedLink StartTls(ModbusTlsOptions link, IPEndPoint endpoint, TimeProvider time)
    {
        var folder = Directory.CreateTempSubdirectory("edge-gateway-tls-");
        PlantCertificates? certificates = null;
        try
        {
            certificates = new(folder.FullName, endpoint.Address, $"simulated {link.Id}");
            var server = ModbusTcpServer.Start(endpoint, time, certificates.Server);
            return new(link with { Host = $"{server.Endpoint.Address}", Port = server.Endpoint.Port, BackupHost = null, Tls = certificates.Files }, server, certificates, folder);
        }
        catch
        {
            certificates?.Dispose();
            folder.Delete(recursive: true);
            throw;
        }
    }
}
