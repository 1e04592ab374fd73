using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Field;

/// <summary>pymodbus as the device, a configuration for it, and the daemon on it if it was started.</summary>
internal sealed class FieldSite : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private FieldSite() => Gateway = new GatewayProcess(_folder, $$"""
        gateway: { id: gw-1, data: data }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{Lan}} }] }
        links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{Device.Port}}, timeout: 2s }]
        devices:
          - id: boiler
            link: plc
            unit-id: 17
            points:
              - { id: temperature, register: holding 0, type: int16, scale: 0.1, unit: "°C", every: 100ms }
              - { id: setpoint, register: holding 1, type: int16, scale: 0.1, unit: "°C", every: 1s, write: { min: 20, max: 80 } }
              - { id: power, register: holding 100, type: float32, order: CDAB, unit: kW, every: 1s }
              - { id: pump, register: coil 3, every: 1s, write: {} }

        """);

    public PymodbusServer Device { get; } = new(17);

    public GatewayProcess Gateway { get; }

    public int Lan { get; } = Ports.Free();

    public string DeviceAddress => $"127.0.0.1:{Device.Port}";

    public string Of(string file) => _folder.Of(file);

    /// <summary>The device answers; the daemon does not run yet.</summary>
    public static async Task<FieldSite> PrepareAsync()
    {
        var site = new FieldSite();
        await site.Device.StartAsync();
        await site.Device.SetAsync(17, "hr", 0, 215, 400);

        // 231.4 as float32 is 0x43676666; least significant register first.
        await site.Device.SetAsync(17, "hr", 100, 0x6666, 0x4367);
        return site;
    }

    /// <summary>The daemon polls.</summary>
    public static async Task<FieldSite> StartAsync()
    {
        var site = await PrepareAsync();
        await site.Gateway.StartAsync();
        return site;
    }

    public Task<GatewayCommand> AskAsync(string command) => Gateway.AskAsync(command.Split(' '));

    public Dictionary<string, string> Environment => new() { ["RUNTIME_DIRECTORY"] = Gateway.RuntimeFolder };

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Device.DisposeAsync();
        _folder.Dispose();
    }
}
