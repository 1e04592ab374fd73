using Gateway.Configuration;
using Gateway.Storage;

namespace Gateway.Tests.Configuration;

/// <summary>What needs more than one section to be seen.</summary>
public class CheckTests
{
    private const string Boiler = """
        links: [{ id: plc, type: modbus-tcp, host: h }]
        devices: [{ id: boiler, link: plc, points: [{ id: t, register: holding 1, write: {} }] }]

        """;

    [Theory]
    [InlineData("import: [commands]", true)]
    [InlineData("import: [commands], forward: [standard]", false)]
    [InlineData("import: [commands], forward: [{ filter: \"edge/+/response\" }]", false)]
    [InlineData("import: [commands], forward: [{ filter: \"edge/+/telemetry/#\" }]", true)]
    [InlineData("import: [{ filter: \"boiler/cmd\", local-prefix: edge/, remote-prefix: site/ }]", true)]
    [InlineData("import: [{ filter: \"weather/#\" }]", false)]
    public void Commands_WhoseAnswersCannotGetOut_AreWarnedOf(string rules, bool warned)
    {
        var problems = Problems($"{Boiler}bridges: [{{ id: cloud, servers: [\"mqtt://h\"], {rules} }}]");

        Assert.False(problems.HasErrors);
        Assert.Equal(warned, problems.All.Any(p => p.IsWarning && p.Wrong.Contains("cannot get out", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{ bind: 127.0.0.1 }")]
    [InlineData("{ bind: \"::1\" }")]
    [InlineData("{ bind: 192.0.2.1 }")]
    [InlineData("{ bind: \"::\" }")]
    public void Listener_WithoutUsers_MayBeAnywhereBecauseTheyAreMade(string listener)
    {
        Assert.Empty(Problems($"broker: {{ listeners: [{listener}] }}").All);
        Assert.False(Problems($"broker: {{ anonymous: true, listeners: [{listener}] }}").HasErrors);
        Assert.False(Problems($"broker: {{ password-file: users, listeners: [{listener}] }}").HasErrors);
    }

    [Fact]
    public void Password_OverPlainMqtt_IsWarnedOf()
    {
        var text = "bridges: [{ id: c, servers: [\"mqtt://cloud.example\"], username: u, password: { env: P }, forward: [standard] }]";

        Assert.Contains("in the clear", Assert.Single(Problems(text).All).Wrong, StringComparison.Ordinal);
        Assert.Empty(Problems(text.Replace("mqtt:", "mqtts:", StringComparison.Ordinal)).All);
    }

    [Theory]
    [InlineData("standard", "", null)]
    [InlineData("standard", ", telemetry: per-device", "boiler with telemetry: per-device cannot be summed up: when the queue of cloud is full")]
    [InlineData("{ filter: \"edge/+/telemetry/#\" }", "", null)]
    [InlineData("{ filter: \"edge/boiler/telemetry/t\" }", "", null)]
    [InlineData("{ filter: \"+/telemetry/+\", local-prefix: edge/ }", "", null)]
    [InlineData("{ filter: \"edge/+/telemetry/#\" }", ", telemetry: per-device", "boiler with telemetry: per-device cannot be summed up")]
    [InlineData("{ filter: \"lan/#\" }", "", "what comes on lan/# is summed up only where its payload has the schema reading.v1: when the queue of cloud is full")]
    [InlineData("{ filter: \"edge/#\" }", "", "what comes on edge/# is summed up only")]
    [InlineData("{ filter: \"lan/#\", qos: 0 }", "", null)]
    public void Downsample_WhatCannotBeSummedUp_IsWarnedOf(string rule, string device, string? warning)
    {
        var text = $"{Boiler.Replace("link: plc", $"link: plc{device}", StringComparison.Ordinal)}bridges: [{{ id: cloud, servers: [\"mqtt://h\"], forward: [{rule}], outbox: {{ lanes: {{ telemetry: {{ when-full: downsample }} }} }} }}]";

        var problems = Problems(text);

        Assert.False(problems.HasErrors);
        Assert.Equal(warning is null ? 0 : 1, problems.All.Count(p => p.Wrong.Contains(warning ?? "summed up", StringComparison.Ordinal)));
        Assert.DoesNotContain(Problems(text.Replace("downsample", "drop-oldest", StringComparison.Ordinal)).All, static p => p.Wrong.Contains("summed up", StringComparison.Ordinal));
    }

    [Fact]
    public void Cycle_ThatTheGuardsCut_IsWarnedOfAtItsForwardRule()
    {
        var problem = Assert.Single(Problems("bridges: [{ id: c, servers: [\"mqtt://h\"], forward: [{ filter: \"lan/+/t\" }], import: [{ filter: \"lan/#\" }] }]").All);

        Assert.True(problem.IsWarning);
        Assert.StartsWith("x.yaml:1:53: warning: a message on lan/x/t would go out and come back", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cycle_OverTwoBridgesToOneServer_IsWarnedOf()
    {
        var text = "bridges: [{ id: a, client-id: a, servers: [\"mqtt://h\"], forward: [{ filter: t/# }] }, { id: b, client-id: b, servers: [\"mqtt://H\"], import: [{ filter: t/# }] }]";

        Assert.Contains("forward rule 1 of a, import rule 1 of b", Assert.Single(Problems(text).All).Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Rewrite_ThatGrowsTheTopic_IsRefused()
    {
        var text = "bridges: [{ id: c, servers: [\"mqtt://h\"], forward: [{ filter: \"#\", remote-prefix: up/ }], import: [{ filter: \"#\" }] }]";

        Assert.Contains("longer each time", Assert.Single(Problems(text).All, p => !p.IsWarning).Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void File_NotThere_IsWarnedOfAtItsKey()
    {
        var problem = Assert.Single(Problems("broker: { password-file: /nowhere/users }").All);

        Assert.True(problem.IsWarning);
        Assert.Equal("x.yaml:1:26: warning: /nowhere/users (the broker's users) is not there; make it with edge-gateway user add NAME", problem.ToString());
    }

    [Fact]
    public void Lane_SetsSomething_TakesTheRestFromTheOutbox()
    {
        var text = "bridges: [{ id: c, servers: [\"mqtt://h\"], forward: [standard], outbox: { size: 64MiB, lanes: { command: { age: 1h } } } }]";

        var outbox = ConfigurationLoader.Parse(text, "x.yaml", FakeModbus.Catalog).Configuration!.Bridges[0].Outbox;

        Assert.Equal(new() { Size = 64 << 20, Age = TimeSpan.FromHours(1) }, outbox.Of(Lane.Command));
        Assert.Equal(new() { Size = 64 << 20 }, outbox.Of(Lane.Telemetry));
    }

    [Fact]
    public void Order_OfSections_DoesNotMatter()
    {
        var lines = Boiler.Trim().Split('\n');

        Assert.Empty(Problems(string.Join('\n', lines.Reverse())).All);
    }

    [Fact]
    public void Configuration_OfTenThousandPoints_IsReadInReasonableTime()
    {
        var text = new System.Text.StringBuilder("links: [{ id: plc, type: modbus-tcp, host: h }]\ndevices:\n");
        for (var device = 0; device < 100; device++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  - id: d{device}\n    link: plc\n    points:\n");
            for (var point = 0; point < 100; point++)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"      - {{ id: p{point}, register: holding {point}, write: {{}} }}\n");
            }
        }

        text.Append("bridges: [{ id: c, servers: [\"mqtt://h\"], import: [commands], forward: [standard] }]\n");
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var (configuration, problems) = ConfigurationLoader.Parse(text.ToString(), "x.yaml", FakeModbus.Catalog);

        TestContext.Current.TestOutputHelper?.WriteLine($"{clock.ElapsedMilliseconds} ms");
        Assert.Empty(problems.All);
        Assert.NotEmpty(ConfigurationSummary.Of(configuration!));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void Links_OnOnePort_AreRefusedWithBothPlaces()
    {
        var folder = Directory.CreateTempSubdirectory("ports").FullName;
        try
        {
            var (node, name) = (Path.Combine(folder, "ttyUSB0"), Path.Combine(folder, "by-id"));
            File.WriteAllText(node, "");
            File.CreateSymbolicLink(name, node);
            foreach (var other in new[] { node, name })
            {
                var problem = Assert.Single(ConfigurationLoader.Parse($"""
                    links:
                      - {"{"} id: one, type: modbus-rtu, serial-port: "{node}" {"}"}
                      - {"{"} id: two, type: modbus-rtu, serial-port: "{other}" {"}"}
                    """, "x.yaml", Gateway.Adapters.AdapterCatalog.All).Problems.All, p => !p.IsWarning);
                Assert.Equal(3, problem.Position.Line);
                Assert.Contains("the links one (", problem.Wrong, StringComparison.Ordinal);
                Assert.Contains(":2:", problem.Wrong, StringComparison.Ordinal);
                Assert.Contains("put the devices of both on one of them", problem.Instead, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("modbus-rtu, serial-port: /dev/ttyS0", "", "can never be read")]
    [InlineData("modbus-rtu, serial-port: /dev/ttyS0", ", write: {}", null)]
    [InlineData("modbus-tcp, host: h, broadcast: true", "", "can never be read")]
    [InlineData("modbus-tcp, host: h", "", null)]
    public void Points_OfEverybody_AreOnlyWritten(string link, string write, string? expected)
    {
        var problems = ConfigurationLoader.Parse(
            $"links: [{{ id: one, type: {link} }}]\ndevices: [{{ id: everybody, link: one, unit-id: 0, points: [{{ id: clock, register: holding 1{write} }}] }}]",
            "x.yaml", Gateway.Adapters.AdapterCatalog.All).Problems.All.Where(p => !p.IsWarning).Select(p => p.Wrong);
        Assert.Equal(expected is null ? 0 : 1, problems.Count());
        Assert.All(problems, p => Assert.Contains(expected!, p, StringComparison.Ordinal));
    }

    private static ProblemList Problems(string text) => ConfigurationLoader.Parse(text, "x.yaml", FakeModbus.Catalog).Problems;
}
