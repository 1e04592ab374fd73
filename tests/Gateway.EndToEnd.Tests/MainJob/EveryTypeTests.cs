using Gateway.Adapters.Modbus;
using Gateway.EndToEnd.Tests.Modbus;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>Every type in every order, from two foreign Modbus libraries through the whole gateway to Mosquitto, and back.</summary>
public class EveryTypeTests
{
    [Fact]
    public async Task EveryTypeAndOrder_ArrivesUpstreamAndIsWrittenFromThere()
    {
        await using var pymodbus = await TypedPeer.StartAsync("pymodbus");
        await using var libmodbus = await TypedPeer.StartAsync("libmodbus");
        await AssertEveryTypeAsync(
            pymodbus, $"{{ id: one, type: modbus-tcp, host: 127.0.0.1, port: {pymodbus.Port}, timeout: 5s }}",
            libmodbus, $"{{ id: two, type: modbus-tcp, host: 127.0.0.1, port: {libmodbus.Port}, timeout: 5s }}");
    }

    [Fact]
    public async Task EveryTypeAndOrder_OnSerialLines()
    {
        await using var first = new SerialCable();
        await using var second = new SerialCable();
        await using var pymodbus = await TypedPeer.StartAsync("pymodbus", first.Other);
        await using var libmodbus = await TypedPeer.StartAsync("libmodbus", second.Other);
        await AssertEveryTypeAsync(
            pymodbus, $"{{ id: one, type: modbus-rtu, serial-port: {first.One}, baud: 19200, parity: even, timeout: 5s }}",
            libmodbus, $"{{ id: two, type: modbus-rtu, serial-port: {second.One}, timeout: 5s }}");
    }

    [Fact]
    public async Task EveryTypeAndOrder_OverTcpToADeviceServer()
    {
        await using var pymodbus = await TypedPeer.StartAsync("pymodbus", "rtu");
        await using var libmodbus = await TypedPeer.StartAsync("libmodbus");
        await AssertEveryTypeAsync(
            pymodbus, $"{{ id: one, type: modbus-rtu-over-tcp, host: 127.0.0.1, port: {pymodbus.Port}, timeout: 5s }}",
            libmodbus, $"{{ id: two, type: modbus-tcp, host: 127.0.0.1, port: {libmodbus.Port}, timeout: 5s }}");
    }

    [Fact]
    public async Task EveryTypeAndOrder_InDigits()
    {
        await using var cable = new SerialCable();
        await using var serial = await TypedPeer.StartAsync("pymodbus", "ascii", cable.Other);
        await using var server = await TypedPeer.StartAsync("pymodbus", "ascii");
        await AssertEveryTypeAsync(
            serial, $"{{ id: one, type: modbus-ascii, serial-port: {cable.One}, timeout: 5s }}",
            server, $"{{ id: two, type: modbus-ascii-over-tcp, host: 127.0.0.1, port: {server.Port}, timeout: 5s }}");
    }

    [Fact]
    public async Task EveryTypeAndOrder_InDatagramsAndSecured()
    {
        using var folder = new TempFolder();
        var plant = await Certificates.MakeAsync(folder, "plant");
        var device = await plant.SignAsync("device", "subjectAltName=IP:127.0.0.1");
        var own = await plant.SignAsync("gw", "extendedKeyUsage=clientAuth");
        await using var udp = await TypedPeer.StartAsync("pymodbus", "udp");
        await using var tls = await TypedPeer.StartAsync("pymodbus", "tls", device.Certificate, device.Key);
        await AssertEveryTypeAsync(
            udp, $"{{ id: one, type: modbus-udp, host: 127.0.0.1, port: {udp.Port}, timeout: 5s }}",
            tls, $"{{ id: two, type: modbus-tls, host: 127.0.0.1, port: {tls.Port}, timeout: 5s, tls: {{ ca: {plant.Ca}, certificate: {own.Certificate}, key: {own.Key} }} }}");
    }

    private static async Task AssertEveryTypeAsync(TypedPeer first, string one, TypedPeer second, string two)
    {
        await using var site = await Site.StartAsync($$"""
            links:
              - {{one}}
              - {{two}}
            devices:
              - id: first
                link: one
            {{Points()}}
              - id: second
                link: two
            {{Points()}}
            """);

        foreach (var device in (string[])["first", "second"])
        {
            await site.Backend.WaitForAsync(m => m.Topic == $"edge/{device}/telemetry/coil-5" && m.Json.GetProperty("v").GetBoolean());
            await site.Backend.WaitForAsync(m => m.Topic == $"edge/{device}/telemetry/discrete-7" && m.Json.GetProperty("v").GetBoolean());
            foreach (var value in TypedValues.All)
            {
                var reading = FieldReading.Of(await site.Backend.WaitForAsync($"edge/{device}/telemetry/read-{value.Id}"));
                Assert.Equal((value.Id, Json(value, value.Read), "good"), (value.Id, reading.Value, reading.Quality));
            }

            foreach (var (id, _, read) in TypedValues.ReadParts)
            {
                Assert.Equal((id, read), (id, FieldReading.Of(await site.Backend.WaitForAsync($"edge/{device}/telemetry/part-{id}")).Value));
            }

            var set = string.Join(',', TypedValues.All.Select(v => $"\"write-{v.Id}\":{Json(v, v.Write)}").Concat(TypedValues.WrittenParts.Select(p => $"\"put-{p.Id}\":{p.Write}")));
            await site.Backend.PublishAsync($"edge/{device}/cmd", $$$"""{"id":"all-{{{device}}}","set":{"coil-20":true,{{{set}}}}}""");
            var answer = (await site.Backend.WaitForAsync($"edge/{device}/response")).Json;
            Assert.Equal(($"all-{device}", "ok"), (answer.GetProperty("id").GetString(), answer.GetProperty("result").GetString()));
            foreach (var value in TypedValues.All)
            {
                Assert.Equal(Json(value, value.Write), answer.GetProperty("values").GetProperty($"write-{value.Id}").GetRawText());
            }
        }

        await TypesAndOrdersTests.AssertWrittenAsync(first, TypedValues.WrittenParts[^1].Then);
        await TypesAndOrdersTests.AssertWrittenAsync(second, TypedValues.WrittenParts[^1].Then);
        await site.StopGatewayAsync();
    }

    private static string Json(TypedValue value, string text) => value.IsText ? $"\"{text}\"" : text;

    private static string Points() => string.Join('\n', (string[])
    [
        "    points:",
        "      - { id: coil-5, register: coil 5 }",
        "      - { id: discrete-7, register: discrete 7 }",
        "      - { id: coil-20, register: coil 20, write: {} }",
        .. TypedValues.All.SelectMany(v => (string[])
        [
            $"      - {{ id: read-{v.Id}, register: input {1000 + v.Offset}, type: {v.TypeWord}, order: {v.Order.Word()} }}",
            $"      - {{ id: write-{v.Id}, register: holding {2000 + v.Offset}, type: {v.TypeWord}, order: {v.Order.Word()}, write: {{}} }}",
        ]),
        .. TypedValues.ReadParts.Select(p => $"      - {{ id: part-{p.Id}, register: input 1400, type: {p.Type} }}"),
        .. TypedValues.WrittenParts.Select(p => $"      - {{ id: put-{p.Id}, register: holding 2400, type: {p.Type}, write: {{}} }}"),
    ]);
}
