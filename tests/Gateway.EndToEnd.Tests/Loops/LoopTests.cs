using Gateway.Adapters.Modbus;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Loops;

/// <summary>Several gateways whose rules overlap: each subscriber hears a message once, and then it is quiet.</summary>
public sealed class LoopTests : IDisposable
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(1);

    private readonly TempFolder _folder = new();
    private readonly int _portA = Ports.Free();
    private readonly int _portB = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OneBroker_OverlappingForwardsAndImports_EachHearsItOnce()
    {
        await using var cloud = new Mosquitto(_folder);
        await cloud.StartAsync();
        var rules = $"bridges: [{{ id: cloud, servers: [\"mqtt://127.0.0.1:{cloud.Port}\"], forward: [{{ filter: \"plant/#\" }}], import: [{{ filter: \"plant/#\" }}] }}]";
        await using var a = await StartAsync("gw-a", _portA, rules);
        await using var b = await StartAsync("gw-b", _portB, rules);
        await using var atCloud = await Collector.StartAsync(cloud.Port, "at-cloud", ["plant/#"]);
        await using var atA = await Collector.StartAsync(_portA, "at-a", ["plant/#"]);
        await using var atB = await Collector.StartAsync(_portB, "at-b", ["plant/#"]);
        await ImportsAreThereAsync(atCloud, atA, atB);

        await atA.PublishAsync("plant/from-a", "1");
        await atCloud.PublishAsync("plant/from-cloud", "2");

        await ExpectOnceEachAsync(["plant/from-a", "plant/from-cloud"], atCloud, atA, atB);
    }

    [Fact]
    public async Task TwoGateways_BridgedToEachOther_EachHearsItOnce()
    {
        // shared/# is forwarded by both: what comes back is known by its path.
        await using var a = await StartAsync("gw-a", _portA,
            $"bridges: [{{ id: to-b, servers: [\"mqtt://127.0.0.1:{_portB}\"], forward: [{{ filter: \"a/#\" }}, {{ filter: \"shared/#\" }}] }}]");
        await using var b = await StartAsync("gw-b", _portB,
            $"bridges: [{{ id: to-a, servers: [\"mqtt://127.0.0.1:{_portA}\"], forward: [{{ filter: \"b/#\" }}, {{ filter: \"shared/#\" }}] }}]");
        await using var atA = await Collector.StartAsync(_portA, "at-a", ["a/#", "b/#", "shared/#"]);
        await using var atB = await Collector.StartAsync(_portB, "at-b", ["a/#", "b/#", "shared/#"]);

        await atA.PublishAsync("a/1", "1");
        await atB.PublishAsync("b/1", "1");
        await atA.PublishAsync("shared/from-a", "1");
        await atB.PublishAsync("shared/from-b", "1");

        await ExpectOnceEachAsync(["a/1", "b/1", "shared/from-a", "shared/from-b"], atA, atB);
    }

    [Fact]
    public async Task Command_FromOneEdgeOverTheCloud_IsCarriedOutAtTheOther()
    {
        await using var device = ModbusTcpServer.Start();
        var unit = device.Unit(1);
        unit.SetRegister(RegisterSpace.Holding, 7, 0);
        await using var cloud = new Mosquitto(_folder);
        await cloud.StartAsync();
        await using var a = await StartAsync("gw-a", _portA, $$"""
            bridges:
              - id: cloud
                servers: ["mqtt://127.0.0.1:{{cloud.Port}}"]
                forward: [{ filter: "edge/valve/cmd" }]
                import: [{ filter: "edge/valve/response" }]
            """);
        await using var b = await StartAsync("gw-b", _portB, $$"""
            links: [{ id: plc, type: modbus-tcp, host: 127.0.0.1, port: {{device.Endpoint.Port}} }]
            devices: [{ id: valve, link: plc, unit-id: 1, points: [{ id: position, register: holding 7, type: int16, write: { min: 0, max: 100 } }] }]
            bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{cloud.Port}}"], forward: [standard], import: [commands] }]
            """);
        await using var atA = await Collector.StartAsync(_portA, "at-a", ["edge/valve/response"]);
        await using var atCloud = await Collector.StartAsync(cloud.Port, "at-cloud", ["edge/valve/#"]);
        await Task.WhenAll(cloud.WaitForAsync("gw-a 1 edge/valve/response"), cloud.WaitForAsync("gw-b 1 edge/valve/cmd"));

        await atA.PublishAsync("edge/valve/cmd", """{"id":"open-1","set":{"position":42}}""");

        var answer = (await atA.WaitForAsync("edge/valve/response")).Json;
        Assert.Equal(("open-1", "ok"), (answer.GetProperty("id").GetString(), answer.GetProperty("result").GetString()));
        Assert.Equal(42, unit.Register(RegisterSpace.Holding, 7));
        await Quiet.ForAsync(s_quiet, () => atA.Messages.Count);
        Assert.Single(atA.Messages);
        Assert.Single(atCloud.Messages, m => m.Topic == "edge/valve/cmd");
    }

    private async Task<GatewayProcess> StartAsync(string id, int port, string rest)
    {
        var gateway = new GatewayProcess(_folder, $$"""
            gateway: { id: {{id}}, data: {{id}}-data, clock: trusted }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{port}} }] }
            {{rest}}

            """, id);
        await gateway.StartAsync();
        return gateway;
    }

    /// <summary>Both bridges have subscribed once a message from the cloud has come to both.</summary>
    private static async Task ImportsAreThereAsync(Collector cloud, params Collector[] edges)
    {
        // Retained, so that it also comes to a bridge that subscribes later.
        await cloud.PublishAsync("plant/hello", "0", retain: true);
        await Task.WhenAll(edges.Select(e => e.WaitForAsync("plant/hello")));
    }

    private static async Task ExpectOnceEachAsync(string[] topics, params Collector[] subscribers)
    {
        await Task.WhenAll(subscribers.SelectMany(s => topics.Select(s.WaitForAsync)));
        await Quiet.ForAsync(s_quiet, () => subscribers.Sum(s => s.Messages.Count));
        foreach (var subscriber in subscribers)
        {
            Assert.All(topics, t => Assert.Single(subscriber.Messages, m => m.Topic == t));
        }
    }
}
