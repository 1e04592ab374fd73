using Gateway.Adapters;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Gateway.Tests.Configuration;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus.Templates;

/// <summary>Every template that is shipped says where it is from, has nothing wrong, and is read from a device that is simulated after it.</summary>
public class ShippedTemplateTests
{
    public static TheoryData<string> All => [.. ShippedTemplates.All.Names];

    private static (GatewayConfiguration? Configuration, IReadOnlyList<string> Problems) Load(string name)
    {
        var (configuration, problems) = ConfigurationLoader.Parse(
            $"links: [{{ id: line, type: modbus-tcp, host: 127.0.0.1 }}]\ndevices: [{{ id: device, link: line, template: {name} }}]\n", "/nowhere/gateway.yaml", AdapterCatalog.All);
        return (configuration, [.. problems.All.Select(p => p.ToString())]);
    }

    [Fact]
    public void Shipped_AreThoseOfTheFolder() =>
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Repository.Samples, "templates")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            ShippedTemplates.All.Names.Select(n => n + ".yaml").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public void Template_Loaded_HasNothingWrongAndNamesItsSource(string name)
    {
        var (configuration, problems) = Load(name);
        var device = Assert.Single(configuration?.Devices ?? []);
        Assert.NotNull(device.Template!.Document);
        Assert.True(device.Template.IsUnverified || device.Template.Page is not null);
        Assert.Equal(device.Template.IsUnverified || device.Points.Any(p => p.IsUnverified) ? 1 : 0, problems.Count);
        Assert.All(problems, p => Assert.Contains("unverified", p));
        Assert.All(device.Points, p => Assert.True(p.Unit is null || p.Unit is "V" or "A" or "W" or "VA" or "var" or "kW" or "kVA" or "kvar" or "Wh" or "kWh" or "varh" or "kvarh" or "kVAh" or "Hz" or "°" or "°C" or "%", p.Unit));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Template_ReadFromADeviceThatIsSimulatedAfterIt_GivesEveryPoint(string name)
    {
        await using var simulated = await SimulatedDevices.StartAsync(Load(name).Configuration!.Devices, new FakeTime());
        var device = Assert.Single(simulated.Devices);
        await using var adapter = new ModbusTcpType().Create(device.Link, simulated.Devices, TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var sink = new RecordingSink();
        var running = adapter.RunAsync(sink, stop.Token);
        foreach (var point in device.Points)
        {
            var reading = await sink.ReadingAsync(point.Id, _ => true);
            Assert.True(reading.Quality == Quality.Good, $"{point.Id}: {reading.Error}");
        }

        await stop.CancelAsync();
        await running;
    }
}
