using Gateway.Adapters.Modbus;
using Gateway.EndToEnd.Tests.Modbus;

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

    private static async Task AssertEveryTypeAsync(TypedPeer pymodbus, string one, TypedPeer libmodbus, string two)
    {
        await using var site = await Site.StartAsync($$"""
            links:
              - {{one}}
              - {{two}}
            devices:
              - id: pymodbus
                link: one
            {{Points()}}
              - id: libmodbus
                link: two
            {{Points()}}
            """);

        foreach (var device in (string[])["pymodbus", "libmodbus"])
        {
            await site.Backend.WaitForAsync(m => m.Topic == $"edge/{device}/telemetry/coil-5" && m.Json.GetProperty("v").GetBoolean());
            await site.Backend.WaitForAsync(m => m.Topic == $"edge/{device}/telemetry/discrete-7" && m.Json.GetProperty("v").GetBoolean());
            foreach (var (type, order, _) in Places())
            {
                var reading = FieldReading.Of(await site.Backend.WaitForAsync($"edge/{device}/telemetry/read-{Name(type, order)}"));
                Assert.Equal((Read(type), "good"), (reading.Value, reading.Quality));
            }

            var set = string.Join(',', Places().Select(p => $"\"write-{Name(p.Type, p.Order)}\":{Write(p.Type)}"));
            await site.Backend.PublishAsync($"edge/{device}/cmd", $$$"""{"id":"all-{{{device}}}","set":{"coil-20":true,{{{set}}}}}""");
            var answer = (await site.Backend.WaitForAsync($"edge/{device}/response")).Json;
            Assert.Equal(($"all-{device}", "ok"), (answer.GetProperty("id").GetString(), answer.GetProperty("result").GetString()));
            foreach (var (type, order, _) in Places())
            {
                Assert.Equal(Write(type), answer.GetProperty("values").GetProperty($"write-{Name(type, order)}").GetRawText());
            }
        }

        await TypesAndOrdersTests.AssertWrittenAsync(pymodbus);
        await TypesAndOrdersTests.AssertWrittenAsync(libmodbus);
        await site.StopGatewayAsync();
    }

    private static string Read(ModbusType type) => TypesAndOrdersTests.Values.First(v => v.Type == type).Read;

    private static string Write(ModbusType type) => TypesAndOrdersTests.Values.First(v => v.Type == type).Write;

    private static string Name(ModbusType type, ByteOrder order) => $"{type.Word()}-{order.Word()}".ToLowerInvariant();

    private static IEnumerable<(ModbusType Type, ByteOrder Order, int Offset)> Places() =>
        TypesAndOrdersTests.Values.SelectMany((v, i) => Enum.GetValues<ByteOrder>().Select(o => (v.Type, o, (i * 16) + ((int)o * 4))));

    private static string Points() => string.Join('\n', (string[])
    [
        "    points:",
        "      - { id: coil-5, register: coil 5 }",
        "      - { id: discrete-7, register: discrete 7 }",
        "      - { id: coil-20, register: coil 20, write: {} }",
        .. Places().SelectMany(p => (string[])
        [
            $"      - {{ id: read-{Name(p.Type, p.Order)}, register: input {1000 + p.Offset}, type: {p.Type.Word()}, order: {p.Order.Word()} }}",
            $"      - {{ id: write-{Name(p.Type, p.Order)}, register: holding {2000 + p.Offset}, type: {p.Type.Word()}, order: {p.Order.Word()}, write: {{}} }}",
        ]),
    ]);
}
