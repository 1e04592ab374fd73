using Gateway.EndToEnd.Tests.MainJob;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Lora;

/// <summary>From the modem to the cloud: every packet that the modem delivered, once each, whatever is away meanwhile.</summary>
[Collection(AloneCollection.Name)]
public sealed class LoraMainJobTests(ITestOutputHelper output)
{
    [Fact]
    public async Task UpstreamAndModemAway_EveryDeliveredPacketArrives_NoneIsInvented()
    {
        var folder = Directory.CreateTempSubdirectory("edge-gateway-lora-");
        var plug = Path.Combine(folder.FullName, "modem");
        var modem = new SimulatedMicrochip();
        var port = new ModemPort(modem, plug) { Chunk = 5 };
        await using var site = await Site.StartAsync($$"""
            links: [{ id: field, type: lora, modem: rn2483, serial-port: {{plug}}, region: eu868, frequency: 868.1MHz, node-bytes: 1 }]
            devices: [{ id: counter, link: field, node: 12, decoder: { fields: [{ id: number, type: uint32 }] }, points: [{ id: number }] }]
            """);
        var delivered = new List<uint>();
        var number = 0u;
        async Task HearAsync(int packets)
        {
            for (var i = 0; i < packets; i++)
            {
                await UntilAsync(() => modem.IsListening);
                number++;
                if (modem.Hear([12, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number], rssi: -70, snr: 5))
                {
                    delivered.Add(number);
                }
            }
        }

        try
        {
            await HearAsync(50);
            await site.Backend.WaitForAsync("edge/counter/telemetry/number");
            await site.Upstream.StopAsync();
            await HearAsync(200);
            modem.Restart();
            await HearAsync(50);

            // Unplugged: what the modem had said is read to its end before.
            await using (var lan = await site.JoinLanAsync("edge/counter/#"))
            {
                await HearAsync(1);
                await lan.WaitForAsync(m => m.Topic == "edge/counter/telemetry/number" && FieldReading.Of(m).Value == $"{number}");
                await port.DisposeAsync();
                await lan.WaitForAsync(m => m is { Topic: "edge/counter/status", Payload: "offline" });
                modem = new SimulatedMicrochip();
                port = new(modem, plug) { Chunk = 3 };
                await HearAsync(50);
                await lan.WaitForAsync(m => m.Topic == "edge/counter/telemetry/number" && FieldReading.Of(m).Value == $"{number}");
            }

            await site.Upstream.StartAsync();
            var ledger = await Audits.CloseBooksAsync(site);
            Audits.AssertComplete(site.Backend, ledger, "superseded");
            var readings = FieldReading.All(site.Backend).Where(r => r is { Topic: "edge/counter/telemetry/number", Quality: "good", Boot: 1 }).ToList();
            Assert.Equal(delivered.Select(n => $"{n}"), readings.Select(r => r.Value).Distinct());
            var audit = site.Backend.Audit();
            output.WriteLine($"{delivered.Count} packets delivered by the modem, {readings.Count} readings upstream, {audit.Missing} missing, {audit.Duplicates} duplicates, {ledger.Dropped} superseded");
        }
        finally
        {
            await port.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Looks again and again: nothing tells of it.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
