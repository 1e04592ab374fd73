using Gateway.Adapters;
using Gateway.Applying;
using Gateway.Tests.Configuration;

namespace Gateway.Tests.Applying;

/// <summary>What is the same is the same object, and nothing else is.</summary>
public sealed class GraftingTests : IDisposable
{
    private readonly Files _files = new();

    public static TheoryData<string> Samples => SampleTests.All;

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public void SameSample_MovedByALine_ChangesNothing(string name)
    {
        var path = Path.Combine(Repository.Samples, name);
        var before = ConfigurationLoader.Load(path, AdapterCatalog.All).Configuration!;
        var problems = new Gateway.Configuration.ProblemList();
        var after = ConfigurationLoader.Load([new(path, "# a comment\n" + File.ReadAllText(path))], AdapterCatalog.All, problems)!;

        var grafted = Grafting.Onto(before, after);

        Assert.True(ConfigurationDifference.Between(before, grafted).IsNothing);
        Assert.Equal(before.Devices, grafted.Devices, ReferenceEqualityComparer.Instance);
        Assert.Equal(before.Links, grafted.Links, ReferenceEqualityComparer.Instance);
        Assert.Equal(before.Bridges, grafted.Bridges, ReferenceEqualityComparer.Instance);
        Assert.Equal(before.Broker.Listeners, grafted.Broker.Listeners, ReferenceEqualityComparer.Instance);
    }

    [Theory]
    [InlineData("every: 5s", "every: 6s")]
    [InlineData("write: { min: 1 }", "write: { min: 2 }")]
    [InlineData("{ id: one, type: modbus-tcp, host: 192.0.2.1 }", "{ id: one, type: modbus-tcp, host: 192.0.2.3 }")]
    [InlineData("{ id: one, type: modbus-tcp, host: 192.0.2.1 }", "{ id: one, type: modbus-tcp, host: 192.0.2.1, timeout: 1s }")]
    [InlineData("link: one,", "link: one, unit-id: 7,")]
    public void OneLink_Changes_TheOtherAndTheBridgesStay(string old, string now)
    {
        var (before, after) = Both(Files.With(old, now));

        Assert.Equal(["two"], Same(before.Links, after.Links).Select(l => l.Id));
        Assert.Equal(["meter"], Same(before.Devices, after.Devices).Select(d => d.Id));
        Assert.Same(after.Links[0], after.Devices[0].Link);
        Assert.Equal(2, Same(before.Bridges, after.Bridges).Count);
    }

    [Fact]
    public void Device_Comes_OnlyBridgesWithPresetsConnectAnew()
    {
        var (before, after) = Both(Files.With("  - { id: meter,", "  - { id: pump, link: one, points: [{ id: on, register: holding 3 }] }\n  - { id: meter,"));

        Assert.Equal(["office"], Same(before.Bridges, after.Bridges).Select(b => b.Id));
        Assert.Equal(["meter"], Same(before.Devices, after.Devices).Select(d => d.Id));
    }

    [Theory]
    [InlineData("servers: [\"mqtt://192.0.2.8\"]", "servers: [\"mqtt://192.0.2.8\", \"mqtt://192.0.2.7\"]")]
    [InlineData("{ filter: \"lan/#\" }", "{ filter: \"lan/+\" }")]
    [InlineData("{ filter: \"lan/#\" }", "{ filter: \"lan/#\", qos: 0 }")]
    [InlineData("id: office,", "id: office, username: me,")]
    [InlineData("id: office,", "id: office, outbox: { lanes: { alarm: { when-full: refuse } } },")]
    public void OneBridge_Changes_TheOtherStays(string old, string now)
    {
        var (before, after) = Both(Files.With(old, now));

        Assert.Equal(["cloud"], Same(before.Bridges, after.Bridges).Select(b => b.Id));
        Assert.Equal(2, Same(before.Links, after.Links).Count);
    }

    private (GatewayConfiguration Before, GatewayConfiguration After) Both(string text)
    {
        var before = _files.Load(Files.Field);
        return (before, Grafting.Onto(before, _files.Load(text)));
    }

    private static List<T> Same<T>(IReadOnlyList<T> before, IReadOnlyList<T> after)
        where T : class => [.. after.Where(a => before.Contains(a, ReferenceEqualityComparer.Instance))];
}
