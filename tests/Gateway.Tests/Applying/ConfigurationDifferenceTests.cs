using Gateway.Applying;

namespace Gateway.Tests.Applying;

/// <summary>What people read before they say yes.</summary>
public sealed class ConfigurationDifferenceTests : IDisposable
{
    private readonly Files _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Everything_IsSaidInTheWordsOfTheFile()
    {
        var difference = Between(Files.Field, """
            broker: { anonymous: true, listeners: [{ bind: 0.0.0.0, port: 1883 }] }
            links:
              - { id: one, type: modbus-tcp, host: 192.0.2.1, timeout: 1s }
              - { id: three, type: modbus-tcp, host: 192.0.2.3 }
            devices:
              - { id: boiler, link: one, unit-id: 2, points: [{ id: t, register: holding 0, scale: 0.1 }, { id: pump, register: holding 7, write: {} }] }
              - { id: plc, link: three, telemetry: per-device, points: [{ id: x, register: holding 0, every: 250ms }] }
            bridges:
              - { id: cloud, servers: ["mqtt://192.0.2.9", "mqtt://192.0.2.10"], forward: [standard], import: [commands] }

            """);

        Assert.Equal(
            [
                "~ broker  anonymous: (default) -> true",
                "- listener 127.0.0.1:1883",
                "+ listener 0.0.0.0:1883",
                "- link two",
                "~ link one  timeout: (default) -> 1s",
                "+ link three: modbus-tcp at 192.0.2.3:502",
                "- device meter with its 1 points",
                "~ device boiler  unit-id: (default) -> 2",
                "- boiler/setpoint",
                "~ boiler/t  every: 5s -> (default)",
                "~ boiler/t  scale: (default) -> 0.1",
                "+ boiler/pump every 1s -> edge/boiler/telemetry/pump, writable",
                "+ device plc on three",
                "+ plc/x every 250ms -> edge/plc/telemetry",
                "- bridge office",
                "~ bridge cloud  servers: [\"mqtt://192.0.2.9\"] -> [\"mqtt://192.0.2.9\", \"mqtt://192.0.2.10\"]",
            ],
            difference.Changes);
        Assert.Equal(
            [
                "listener 127.0.0.1:1883 closes: its clients are disconnected, and come back by themselves where they may",
                "link one starts anew: its device is not read for a moment",
                "link two stops",
                "bridge cloud connects anew: what waits in its queues stays",
                "bridge office ends: what waits in its queues stays on the disk until edge-gateway outbox drop",
            ],
            difference.Effects);
        Assert.Empty(difference.NeedsRestart);
    }

    [Fact]
    public void Template_ChangedBesideTheConfiguration_IsSaid_AndTheSameOneIsNoChange()
    {
        const string Meter = "device: M\nunverified: true\npoints:\n  - { id: v, register: input 0, scale: 0.1, enum: { 1: on }, plausible: { min: 0 } }\n";
        const string Text = "links: [{ id: one, type: modbus-tcp, host: h }]\ndevices: [{ id: meter, link: one, template: own }]\n";
        var templates = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_files.Target)!, "templates")).FullName;
        File.WriteAllText(Path.Combine(templates, "own.yaml"), Meter);
        var before = _files.Load(Text);
        Assert.Empty(ConfigurationDifference.Between(before, Grafting.Onto(before, _files.Load(Text))).Changes);

        File.WriteAllText(Path.Combine(templates, "own.yaml"), Meter.Replace("0.1", "0.01", StringComparison.Ordinal));
        Assert.Equal(["~ device meter  its template own was changed"], ConfigurationDifference.Between(before, Grafting.Onto(before, _files.Load(Text))).Changes);
    }

    [Fact]
    public void Nested_IsSaidByItsPath_AndQuotesAreNoChange()
    {
        var difference = Between(
            Files.With("id: office,", "id: office, outbox: { size: 1GiB, age: 7d },"),
            Files.With("id: office,", "id: \"office\", outbox: { size: 2GiB, age: \"7d\" },"));

        Assert.Equal(["~ bridge office  outbox.size: 1GiB -> 2GiB"], difference.Changes);
    }

    [Theory]
    [InlineData("gateway: { root: acme }\n", "gateway.root: (default) -> acme")]
    [InlineData("gateway: { clock: trusted }\n", "gateway.clock: (default) -> trusted")]
    [InlineData("topics: { state: \"{root}/{device}/last\" }\n", "topics.state: (default) -> \"{root}/{device}/last\"")]
    [InlineData("broker: { limits: { clients: 10 } }\n", "broker.limits.clients: (default) -> 10")]
    [InlineData("http: { enabled: false }\n", "http.enabled: (default) -> false")]
    public void Foundations_NeedARestart(string text, string said)
    {
        var before = _files.Load(Files.Field);
        var problems = new Gateway.Configuration.ProblemList();
        var merged = ConfigurationLoader.Load([.. _files.Sources(Files.Field), new(_files.Target + ".d", text)], Gateway.Tests.Configuration.FakeModbus.Catalog, problems);

        Assert.True(merged is not null, string.Join('\n', problems.All));
        Assert.Equal([said], ConfigurationDifference.Between(before, Grafting.Onto(before, merged)).NeedsRestart);
    }

    private ConfigurationDifference Between(string old, string now)
    {
        var before = _files.Load(old);
        return ConfigurationDifference.Between(before, Grafting.Onto(before, _files.Load(now)));
    }
}
