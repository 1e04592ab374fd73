using System.Net;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>An adapter at work against a simulated device with scripted faults, over any transport.</summary>
internal sealed class SimulatedLine : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("line").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly Transport _transport;
    private readonly PlantCertificates? _certificates;
    private readonly PointOptions[] _points;
    private ModbusTcpServer? _tcp;
    private ModbusUdpServer? _udp;
    private ModbusSerialServer? _serial;
    private IAdapter? _adapter;
    private Task _running = Task.CompletedTask;

    /// <param name="transport">What carries it.</param>
    /// <param name="points">Of the one device, unit 1.</param>
    public SimulatedLine(Transport transport, params PointOptions[] points)
    {
        _transport = transport;
        _points = [.. points.Select(static p => p with { Device = "device" })];
        _certificates = transport == Transport.Tls ? new(_folder) : null;
        Plug();
    }

    public RecordingSink Sink { get; } = new();

    public IAdapter Adapter => _adapter!;

    public FaultPlan Faults => _tcp?.Faults ?? _udp?.Faults ?? _serial!.Faults;

    /// <summary>Whether the serial line sends back what is sent on it.</summary>
    public bool Echoes { set => _serial!.Echoes = value; }

    /// <summary>Connections accepted since the start.</summary>
    public int Accepted => _tcp?.Accepted ?? _serial?.Accepted ?? 0;

    public SimulatedUnit Unit(byte id) => _tcp?.Unit(id) ?? _udp?.Unit(id) ?? _serial!.Unit(id);

    /// <summary>The device is there.</summary>
    public void Plug()
    {
        switch (_transport)
        {
            case Transport.Tcp or Transport.Tls:
                _tcp = ModbusTcpServer.Start(new(IPAddress.Loopback, _tcp?.Endpoint.Port ?? 0), tls: _certificates?.Server);
                break;
            case Transport.Udp:
                _udp = ModbusUdpServer.Start(new(IPAddress.Loopback, _udp?.Endpoint.Port ?? 0));
                break;
            case Transport.Rtu or Transport.Ascii:
                _serial = ModbusSerialServer.OnTerminal(Path.Combine(_folder, "usb-adapter"), isAscii: _transport == Transport.Ascii);
                break;
            default:
                _serial = ModbusSerialServer.BehindDeviceServer(isAscii: _transport == Transport.AsciiOverTcp);
                break;
        }
    }

    /// <summary>The device is gone, and its adapter with it.</summary>
    public async Task UnplugAsync()
    {
        await (_tcp?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_udp?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_serial?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>The adapter begins to poll.</summary>
    public void Start(TimeSpan timeout, Func<ModbusLinkOptions, ModbusLinkOptions>? change = null, ILoggerFactory? logs = null)
    {
        var (type, link) = Options(timeout);
        link = change?.Invoke(link) ?? link;
        _adapter = type.Create(link, [TestMap.Device(link, "device", 1, _points)], TimeProvider.System, logs ?? NullLoggerFactory.Instance);
        _running = _adapter.RunAsync(Sink, _stop.Token);
    }

    public Task<WriteResult> WriteAsync(string point, PointValue value) => Adapter.WriteAsync(_points.First(p => p.Id == point), value, default).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_adapter is not null)
        {
            await _adapter.DisposeAsync();
        }

        await UnplugAsync();
        _certificates?.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (IAdapterType Type, ModbusLinkOptions Link) Options(TimeSpan timeout)
    {
        const string Host = "127.0.0.1";
        var port = _tcp?.Endpoint.Port ?? _udp?.Endpoint.Port ?? _serial!.Endpoint?.Port ?? 0;
        (IAdapterType, ModbusLinkOptions) made = _transport switch
        {
            Transport.Tcp => (new ModbusTcpType(), new ModbusTcpOptions("line", default) { Host = Host, Port = port }),
            Transport.Tls => (new ModbusTlsType(), new ModbusTlsOptions("line", default) { Host = Host, Port = port, Tls = _certificates!.Files }),
            Transport.Udp => (new ModbusUdpType(), new ModbusUdpOptions("line", default) { Host = Host, Port = port }),
            Transport.Rtu => (new ModbusRtuType(), new ModbusRtuOptions("line", default) { Serial = new(_serial!.Device, 115200), LateReplyGuard = timeout }),
            Transport.Ascii => (new ModbusAsciiType(), new ModbusAsciiOptions("line", default) { Serial = new(_serial!.Device, 115200, DataBits: 7), LateReplyGuard = timeout }),
            Transport.RtuOverTcp => (new ModbusRtuOverTcpType(), new ModbusRtuOverTcpOptions("line", default) { Host = Host, Port = port }),
            _ => (new ModbusAsciiOverTcpType(), new ModbusAsciiOverTcpOptions("line", default) { Host = Host, Port = port }),
        };
        return (made.Item1, made.Item2 with { Timeout = timeout, DegradeAfter = 100 });
    }
}
