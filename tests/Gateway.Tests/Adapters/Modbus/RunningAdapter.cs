using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>A Modbus TCP adapter at work against a simulated server with scripted faults, over a real socket.</summary>
internal sealed class RunningAdapter : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private RunningAdapter(ModbusTcpServer server, IAdapter adapter, IReadOnlyList<DeviceOptions> devices)
    {
        (Server, Adapter, Devices) = (server, adapter, devices);
        _running = adapter.RunAsync(Sink, _stop.Token);
    }

    public RecordingSink Sink { get; } = new();

    public ModbusTcpServer Server { get; }

    public IAdapter Adapter { get; }

    public IReadOnlyList<DeviceOptions> Devices { get; }

    /// <summary>One device, unit 1.</summary>
    public static RunningAdapter Start(ModbusTcpServer server, params PointOptions[] points) => Start(server, link => [TestMap.Device(link, "device", 1, points)]);

    public static RunningAdapter Start(ModbusTcpServer server, Func<ModbusTcpOptions, IReadOnlyList<DeviceOptions>> devices, Func<ModbusTcpOptions, ModbusTcpOptions>? change = null)
    {
        var link = TestMap.Link(server.Endpoint.Port);
        link = change?.Invoke(link) ?? link;
        var list = devices(link);
        return new(server, new ModbusTcpType().Create(link, list, TimeProvider.System, NullLoggerFactory.Instance), list);
    }

    public PointOptions Point(string id) => Devices.SelectMany(d => d.Points).First(p => p.Id == id);

    public ValueTask<WriteResult> WriteAsync(string point, PointValue value) => Adapter.WriteAsync(Point(point), value, default);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Adapter.DisposeAsync();
        await Server.DisposeAsync();
        _stop.Dispose();
    }
}
