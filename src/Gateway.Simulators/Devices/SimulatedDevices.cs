using System.Net;
using Gateway.Adapters.Lora;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>Simulated devices for a user's own configuration: one server for each link, whose points hold plausible values that move. What may be written keeps what was written.</summary>
public sealed class SimulatedDevices : IAsyncDisposable
{
    /// <summary>250 ms: moves between two polls of a second, costs nothing.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, SimulatedLink> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedRadio> _radios = new(StringComparer.Ordinal);
    private readonly List<(SimulatedUnit Unit, MovingValue Value)> _moving = [];
    private readonly TimeProvider _time;
    private readonly long _start;
    private ITimer? _timer;

    private SimulatedDevices(TimeProvider time) => (_time, _start) = (time, time.GetTimestamp());

    /// <summary>The same devices, with links that lead to the simulated ones.</summary>
    public IReadOnlyList<DeviceOptions> Devices { get; private set; } = [];

    /// <summary>The simulated links by id; for faults and for looking into registers.</summary>
    public IReadOnlyDictionary<string, SimulatedLink> Links => _links;

    /// <summary>The simulated LoRa modems by the id of their links.</summary>
    public IReadOnlyDictionary<string, SimulatedRadio> Radios => _radios;

    /// <summary>The link as it must be configured to lead to its simulation; null: it is not simulated.</summary>
    public LinkOptions? OptionsOf(string link) =>
        _links.TryGetValue(link, out var line) ? line.Options : _radios.TryGetValue(link, out var radio) ? radio.Options : null;

    /// <param name="devices">Devices as configured; those on links that cannot be simulated (<see cref="SimulatedLink"/>) are left as they are.</param>
    /// <param name="time">The clock that moves the values.</param>
    /// <param name="where">Where the server of a link to a host listens; null: any free port of 127.0.0.1.</param>
    /// <exception cref="System.Net.Sockets.SocketException">A port is in use, or not allowed.</exception>
    public static async Task<SimulatedDevices> StartAsync(IReadOnlyList<DeviceOptions> devices, TimeProvider time, Func<ModbusHostOptions, IPEndPoint>? where = null)
    {
        var simulated = new SimulatedDevices(time);
        try
        {
            simulated.Begin(devices, where ?? (static _ => new(IPAddress.Loopback, 0)));
            return simulated;
        }
        catch
        {
            await simulated.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        foreach (var link in _links.Values)
        {
            await link.DisposeAsync();
        }

        foreach (var radio in _radios.Values)
        {
            await radio.DisposeAsync();
        }
    }

    private void Begin(IReadOnlyList<DeviceOptions> devices, Func<ModbusHostOptions, IPEndPoint> where)
    {
        foreach (var group in devices.Where(static d => d.Link is LoraOptions).GroupBy(static d => d.Link.Id))
        {
            if (SimulatedRadio.Start((LoraOptions)group.First().Link, [.. group], _time) is { } radio)
            {
                _radios.Add(group.Key, radio);
            }
        }

        Devices = [.. devices.Select(d => _radios.TryGetValue(d.Link.Id, out var radio) ? d with { Link = radio.Options } : Simulate(d, where))];
        Move();
        _timer = _time.CreateTimer(_ => Move(), null, Step, Step);
    }

    private DeviceOptions Simulate(DeviceOptions device, Func<ModbusHostOptions, IPEndPoint> where)
    {
        if (!_links.TryGetValue(device.Link.Id, out var link))
        {
            if (device.Link is not ModbusLinkOptions options || SimulatedLink.Start(options, where, _time) is not { } started)
            {
                return device;
            }

            link = started;
            _links.Add(device.Link.Id, link);
        }

        var unit = link.Unit(((ModbusDevice)device.Address).UnitId);
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

        return device with { Link = link.Options };
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
