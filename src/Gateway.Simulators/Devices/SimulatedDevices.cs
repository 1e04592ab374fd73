using System.Net;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>Simulated devices for a user's own configuration: one server for each link, whose points hold plausible values that move. What may be written keeps what was written.</summary>
public sealed class SimulatedDevices : IAsyncDisposable
{
    /// <summary>250 ms: moves between two polls of a second, costs nothing.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, ModbusTcpServer> _servers = new(StringComparer.Ordinal);
    private readonly List<(SimulatedUnit Unit, MovingValue Value)> _moving = [];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;

    private SimulatedDevices(IReadOnlyList<DeviceOptions> devices, Func<ModbusTcpOptions, IPEndPoint> where, TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        var rewired = new List<DeviceOptions>();
        foreach (var device in devices)
        {
            rewired.Add(device.Link is ModbusTcpOptions link ? Simulate(device, link, where) : device);
        }

        Devices = rewired;
        Move();
        _timer = time.CreateTimer(_ => Move(), null, Step, Step);
    }

    /// <summary>The same devices, with links that lead to the simulated ones.</summary>
    public IReadOnlyList<DeviceOptions> Devices { get; }

    /// <summary>Servers by link id; for faults and for looking into registers.</summary>
    public IReadOnlyDictionary<string, ModbusTcpServer> Servers => _servers;

    /// <param name="devices">Devices as configured; those on links that cannot be simulated are left as they are.</param>
    /// <param name="time">The clock that moves the values.</param>
    /// <param name="where">Where the server of a link listens; null: any free port of 127.0.0.1.</param>
    /// <exception cref="System.Net.Sockets.SocketException">A port is in use, or not allowed.</exception>
    public static SimulatedDevices For(IReadOnlyList<DeviceOptions> devices, TimeProvider time, Func<ModbusTcpOptions, IPEndPoint>? where = null) =>
        new(devices, where ?? (_ => new(IPAddress.Loopback, 0)), time);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    private DeviceOptions Simulate(DeviceOptions device, ModbusTcpOptions link, Func<ModbusTcpOptions, IPEndPoint> where)
    {
        if (!_servers.TryGetValue(link.Id, out var server))
        {
            server = ModbusTcpServer.Start(where(link), _time);
            _servers.Add(link.Id, server);
        }

        var unit = server.Unit(((ModbusDevice)device.Address).UnitId);
        for (var i = 0; i < device.Points.Count; i++)
        {
            var value = new MovingValue(device.Points[i], i);
            if (value.Point.Write is not null)
            {
                unit.Set(value.Point, value.At(TimeSpan.Zero));
            }
            else if (!device.Points.Any(p => p.Write is not null && Overlap(p, value.Point)))
            {
                _moving.Add((unit, value));
            }
        }

        return device with { Link = link with { Host = server.Endpoint.Address.ToString(), Port = server.Endpoint.Port } };
    }

    /// <summary>What shows a register that may be written must not move it.</summary>
    private static bool Overlap(PointOptions one, PointOptions other)
    {
        var (a, b) = ((ModbusPoint)one.Address, (ModbusPoint)other.Address);
        return a.Space == b.Space && a.Address < b.End && b.Address < a.End;
    }

    private void Move()
    {
        var elapsed = _time.GetElapsedTime(_start);
        foreach (var (unit, value) in _moving)
        {
            unit.Set(value.Point, value.At(elapsed));
        }
    }
}
