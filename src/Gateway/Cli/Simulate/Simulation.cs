using System.Net;
using System.Net.Sockets;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Lora;
using Gateway.Adapters.Modbus;
using Gateway.Broker;
using Gateway.Core;
using Gateway.Hosting;
using Gateway.Simulators;
using Microsoft.Extensions.Logging;

namespace Gateway.Cli;

/// <summary>Simulated devices at work, and a gateway on them if it is wanted.</summary>
internal sealed class Simulation(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, TextWriter output, TextWriter error)
{
    /// <returns>The exit code.</returns>
    /// <exception cref="IOException">A port is taken.</exception>
    public async Task<int> RunAsync(FaultScript script, bool withGateway, CancellationToken stop)
    {
        await using var field = await StartAsync().ConfigureAwait(false);
        await using var air = await StartAirAsync(stop).ConfigureAwait(false);
        if (field.Links.Count + field.Radios.Count == 0 && air is not { Count: > 0 })
        {
            error.WriteLine("edge-gateway: the configuration has no devices that can be simulated: add Modbus, Bluetooth or LoRa devices to it, edge-gateway schema --text shows how");
            return ExitCode.Failed;
        }

        foreach (var link in field.Links.Values)
        {
            link.Faults.Follow(script.For(link.Options), TimeProvider.System, new Random());
        }

        Introduce(field, air, withGateway);
        if (script.Rules.Count > 0)
        {
            output.WriteLine($"{Words.Count(script.Rules.Count, "fault")} planned");
            output.Flush();
        }

        if (withGateway)
        {
            air?.Enter();
            await RunGatewayAsync(field, stop).ConfigureAwait(false);
        }
        else
        {
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Done;
    }

    /// <summary>A link to this machine is served where it points; any other on a free port.</summary>
    private static IPEndPoint Where(ModbusHostOptions link) =>
        link.Host == "localhost" ? new(IPAddress.Loopback, link.Port)
        : IPAddress.TryParse(link.Host, out var address) && IPAddress.IsLoopback(address) ? new(address, link.Port)
        : new(IPAddress.Loopback, 0);

    private async Task<SimulatedDevices> StartAsync()
    {
        try
        {
            return await SimulatedDevices.StartAsync(configuration.Devices, TimeProvider.System, Where).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            var local = configuration.Devices.Select(static d => d.Link).OfType<ModbusHostOptions>().DistinctBy(static l => l.Id).Select(static l => $"{l.Id} {l.Address}");
            throw new IOException($"a simulated device cannot listen where its link points ({string.Join(", ", local)}): {e.Message}; end what has the port, or change port", e);
        }
    }

    /// <summary>Without what it needs on this machine the other devices are simulated all the same.</summary>
    private async Task<SimulatedAir?> StartAirAsync(CancellationToken stop)
    {
        try
        {
            return await SimulatedAir.StartAsync(configuration.Links, configuration.Devices, TimeProvider.System, stop).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            error.WriteLine($"edge-gateway: {e.Message}");
            return null;
        }
    }

    private void Introduce(SimulatedDevices field, SimulatedAir? air, bool withGateway)
    {
        var table = new TextTable("LINK", "TYPE", "SIMULATED AT", "");
        foreach (var group in configuration.Devices.GroupBy(static d => d.Link.Id))
        {
            var link = group.First().Link;
            if (link is BleOptions && air is not null)
            {
                table.Add(link.Id, link.Type, "a bus of its own", "");
                continue;
            }

            var simulated = field.OptionsOf(link.Id);
            table.Add(link.Id, link.Type, simulated?.Address ?? "not simulated",
                simulated is null ? link is LoraOptions ? "no line can be made up that its pattern matches" : "" : simulated.Address != link.Address ? $"instead of {link.Address}"
                : field.Links.TryGetValue(link.Id, out var line) && HasMoved(link, line) ? "as configured, with other certificates" : "as configured");
        }

        foreach (var line in table.Lines())
        {
            output.WriteLine(Words.Safe(line));
        }

        foreach (var problem in air?.Problems ?? [])
        {
            output.WriteLine(Words.Safe($"not simulated: {problem}"));
        }

        if (air is not null && !withGateway)
        {
            output.WriteLine();
            output.WriteLine("to try the configuration on the Bluetooth devices, start the gateway so (or let --run start one on them):");
            output.WriteLine($"  {SimulatedAir.Variable}={air.Bus} edge-gateway run --config FILE");
        }

        var moved = field.Links.Where(l => HasMoved(configuration.Links.First(c => c.Id == l.Key), l.Value)).ToList();
        if (moved.Count + field.Radios.Count > 0 && !withGateway)
        {
            output.WriteLine();
            output.WriteLine("to try the configuration on them, write meanwhile in links (or let --run start a gateway on them):");
            foreach (var (id, link) in moved)
            {
                output.WriteLine($"  - {LineYaml.Of(link.Options, id)}");
            }

            foreach (var (id, radio) in field.Radios)
            {
                output.WriteLine($"  of {id}: serial-port: {radio.Options.Serial.Path}");
            }
        }

        output.WriteLine();
        output.WriteLine($"{Words.Count(field.Devices.Count(d => field.OptionsOf(d.Link.Id) is not null) + (air?.Count ?? 0), "device")} simulated; Ctrl+C ends");
        output.Flush();
    }

    /// <summary>Nobody but a device has its key: the simulated one has its own, and other authorities with it.</summary>
    private static bool HasMoved(LinkOptions link, SimulatedLink simulated) => simulated.Options is ModbusTlsOptions || simulated.Options.Address != link.Address;

    private async Task RunGatewayAsync(SimulatedDevices field, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("edge-gateway-simulate-");
        try
        {
            var simulated = configuration with
            {
                Gateway = configuration.Gateway with { Data = folder.FullName },
                Broker = new BrokerOptions { Listeners = [new ListenerOptions { Port = 0 }], Limits = configuration.Broker.Limits },
                Links = [.. configuration.Links.Select(l => field.OptionsOf(l.Id) ?? l)],
                Devices = field.Devices,
                Bridges = [],
                Http = new HttpOptions { Enabled = false },
                Sources = [],
            };
            var host = await GatewayHost.StartAsync(simulated, catalog, static l => LogOutput.Configure(l, LogLevel.Warning), TimeProvider.System, stop).ConfigureAwait(false);
            await using (host.ConfigureAwait(false))
            {
                var port = host.Status.Collect().Broker.Listeners[0].Split(':')[^1];
                output.WriteLine($"a gateway runs on them, without bridges; look on: mosquitto_sub -h 127.0.0.1 -p {port} -v -t '{configuration.Gateway.Root}/#'");
                output.Flush();
                await Task.WhenAny(host.Failed, Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
