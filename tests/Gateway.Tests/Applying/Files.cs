using Gateway.Applying;
using Gateway.Configuration;
using Gateway.Tests.Configuration;

namespace Gateway.Tests.Applying;

/// <summary>Configurations of one folder, as texts.</summary>
internal sealed class Files : IDisposable
{
    public const string Field = """
        links:
          - { id: one, type: modbus-tcp, host: 192.0.2.1 }
          - { id: two, type: modbus-tcp, host: 192.0.2.2 }
        devices:
          - { id: boiler, link: one, points: [{ id: t, register: holding 0, every: 5s }, { id: setpoint, register: holding 1, write: { min: 1 } }] }
          - { id: meter, link: two, points: [{ id: v, register: input 0 }] }
        bridges:
          - { id: cloud, servers: ["mqtt://192.0.2.9"], forward: [standard], import: [commands] }
          - { id: office, servers: ["mqtt://192.0.2.8"], forward: [{ filter: "lan/#" }] }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("applying-").FullName;

    public Files() => Directory.CreateDirectory(Path.Combine(_folder, "data"));

    public string Target => Path.Combine(_folder, "gateway.yaml");

    public string Head => $"gateway: {{ id: gw-1, data: {_folder}/data }}\n";

    public static string With(string old, string now)
    {
        Assert.Contains(old, Field, StringComparison.Ordinal);
        return Field.Replace(old, now, StringComparison.Ordinal);
    }

    public GatewayConfiguration Load(string text)
    {
        var problems = new ProblemList();
        var configuration = ConfigurationLoader.Load(Sources(text), FakeModbus.Catalog, problems);
        Assert.True(configuration is not null, string.Join('\n', problems.All));
        return configuration;
    }

    public IReadOnlyList<ConfigurationSource> Sources(string text) => [new(Target, Head + text)];

    public ApplyRequest Request(string text, double watch = 60, bool keep = false) => new(Sources(text), "/tmp/new.yaml", watch, keep);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
