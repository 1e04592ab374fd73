using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Dbus;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>Simulated Bluetooth devices for a user's own configuration: a bus of its own with a mock of BlueZ on it, one adapter for each link, and the devices that are configured, which advertise once a second and can be connected to.</summary>
public sealed class SimulatedAir : IAsyncDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    private readonly BluezMock _bluez;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly List<SimulatedTag> _tags = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;

    private SimulatedAir(BluezMock bluez, TimeProvider time) => (_bluez, _time, _start) = (bluez, time, time.GetTimestamp());

    /// <summary>Name of the variable that leads a gateway here.</summary>
    public static string Variable => DbusAddress.Variable;

    /// <summary>Address of its bus.</summary>
    public string Bus => _bluez.Bus;

    /// <summary>Devices that are on the air.</summary>
    public int Count => _tags.Count;

    /// <summary>Devices that are not, and why not.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <param name="links">Links as configured; those of other types are left out.</param>
    /// <param name="devices">Devices as configured.</param>
    /// <param name="time">The clock that moves the values.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <returns>null: there is no Bluetooth device.</returns>
    /// <exception cref="IOException">Something is missing on this machine; the message says what.</exception>
    public static async Task<SimulatedAir?> StartAsync(IReadOnlyList<LinkOptions> links, IReadOnlyList<DeviceOptions> devices, TimeProvider time, CancellationToken cancellation)
    {
        var wanted = devices.Where(static d => d.Link is BleOptions).ToList();
        if (wanted.Count == 0)
        {
            return null;
        }

        var air = new SimulatedAir(await BluezMock.StartAsync(cancellation), time);
        await air.BeginAsync([.. links.OfType<BleOptions>()], wanted);
        return air;
    }

    /// <summary>Radios of this process hear it from now on, unless they are open already.</summary>
    public void Enter() => Environment.SetEnvironmentVariable(DbusAddress.Variable, Bus);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        await _bluez.DisposeAsync();
        _stop.Dispose();
    }

    private async Task BeginAsync(IReadOnlyList<BleOptions> links, IReadOnlyList<DeviceOptions> devices)
    {
        var adapters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var link in links)
        {
            var isName = link.Controller?.StartsWith("hci", StringComparison.Ordinal) == true;
            adapters[link.Id] = isName ? link.Controller! : $"hci{adapters.Count}";
            var address = link.Controller is { } configured && !isName ? configured : $"00:1A:7D:00:00:{adapters.Count:X2}";
            await _bluez.DoAsync(new JsonObject { ["do"] = "adapter", ["name"] = adapters[link.Id], ["address"] = address });
        }

        var problems = new List<string>();
        foreach (var device in devices)
        {
            var (tag, problem) = SimulatedTag.Of(device, _tags.Count, adapters[device.Link.Id]);
            if (tag is null)
            {
                problems.Add(problem!);
                continue;
            }

            _tags.Add(tag);
            if (tag.Peripheral.HasAny)
            {
                await _bluez.DoAsync(tag.Peripheral.Describe());
            }
        }

        Problems = problems;
        _sending = SendAsync(_stop.Token);
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        // Counters of encrypted devices must not begin anew: the gateway takes that for a replay.
        var counter = (uint)_time.GetUtcNow().ToUnixTimeSeconds();
        using var pace = new PeriodicTimer(s_every, _time);
        try
        {
            do
            {
                counter++;
                var elapsed = _time.GetElapsedTime(_start);
                foreach (var tag in _tags)
                {
                    await _bluez.DoAsync(tag.Advertise(elapsed, counter));
                    foreach (var value in tag.Peripheral.Move(elapsed))
                    {
                        await _bluez.DoAsync(value);
                    }
                }
            }
            while (await pace.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }
        catch (IOException)
        {
            // The mock has gone before us (Ctrl+C reaches the whole group): nothing more can be sent, and nobody listens.
        }
    }
}
