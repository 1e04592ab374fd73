using Gateway.Adapters.Dbus;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>Our D-Bus client and Debian's dbus-daemon.</summary>
public class DbusOnRealBusTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Call_EveryType_ComesBackAsItWasSent()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var server = await OpenAsync(bus);
        await using var client = await OpenAsync(bus);
        var echo = new Echo();
        server.Objects.Add("/echo", echo);

        DbusValue[] sent =
        [
            DbusValue.Byte(255), DbusValue.Boolean(true), DbusValue.Int16(-2), DbusValue.UInt16(65535), DbusValue.Int32(-3), DbusValue.UInt32(4_000_000_000), DbusValue.Int64(long.MinValue),
            DbusValue.UInt64(ulong.MaxValue), DbusValue.Double(-0.1), DbusValue.String("°C"), DbusValue.ObjectPath("/a/b_1"), DbusValue.Signature("a{sv}"), DbusValue.Bytes(new byte[] { 1, 2, 3 }),
            DbusValue.Array("(yyay)", DbusValue.Struct(DbusValue.Byte(0), DbusValue.Byte(1), DbusValue.Bytes(new byte[] { 6 }))),
            DbusValue.Properties(("RSSI", DbusValue.Int16(-60)), ("None", DbusValue.Array("s"))), DbusValue.Variant(DbusValue.Variant(DbusValue.Array("x", DbusValue.Int64(7)))),
        ];
        var reply = await client.CallAsync(DbusMessage.Call(server.UniqueName, "/echo", "test.Echo", "Echo", sent), s_patience, default);
        Assert.Null(reply.Error);
        Assert.Equal(sent.Select(v => $"{v.FullType} {v}"), reply.Reply!.Body.Select(v => $"{v.FullType} {v}"));
    }

    [Fact]
    public async Task Call_NobodyAndUnknown_AreTheBussErrors()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var client = await OpenAsync(bus);
        var nobody = await client.CallAsync(DbusMessage.Call("org.nobody", "/", "a.b", "C"), s_patience, default);
        Assert.Equal(DbusError.ServiceUnknown, nobody.Error!.Name);
        Assert.Equal(DbusError.NameHasNoOwner, (await client.OwnerAsync("org.bluez", default)).Error!.Name);
        Assert.Equal(DbusError.UnknownMethod, (await client.CallBusAsync("Dance", default)).Error!.Name);
    }

    [Fact]
    public async Task Signals_OfAnother_ComeInTheirOrder()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var server = await OpenAsync(bus);
        await using var client = await OpenAsync(bus);
        Assert.Null(await client.AddMatchAsync("type='signal',interface='test.Count'", default));
        for (var i = 0; i < 500; i++)
        {
            while (!server.Send(DbusMessage.Signal("/", "test.Count", "Counted", DbusValue.Int32(i))))
            {
                await Task.Yield();
            }
        }

        using var end = new CancellationTokenSource(s_patience);
        for (var expected = 0; expected < 500;)
        {
            var signal = await client.Signals.TakeAsync(end.Token);
            if (signal!.Interface == "test.Count")
            {
                Assert.Equal(expected++, signal.Argument(0).AsInt64());
                Assert.Equal(server.UniqueName, signal.Sender);
            }
        }

        Assert.Equal(0, client.Signals.Dropped);
    }

    [Fact]
    public async Task Bus_Ends_IsAFault()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var client = await OpenAsync(bus);
        await bus.GoAsync();
        using var end = new CancellationTokenSource(s_patience);
        while (await client.Signals.TakeAsync(end.Token) is not null)
        {
            // NameAcquired of our own name.
        }

        Assert.Equal(DbusError.Disconnected, client.Fault!.Name);
        await bus.ComeAsync();
        await (await OpenAsync(bus)).DisposeAsync();
    }

    private static async Task<DbusConnection> OpenAsync(PrivateBus bus)
    {
        var (connection, error) = await DbusConnection.OpenAsync(bus.Address, TimeProvider.System, default);
        Assert.Null(error);
        return connection!;
    }

    private sealed class Echo : IDbusObject
    {
        public string Interface => "test.Echo";

        public IReadOnlyList<(string Name, DbusValue Value)> Properties => [];

        public IReadOnlyList<(string Name, string Signature)> Methods => [("Echo", "ybnqiuxtdsogaya(yyay)a{sv}v")];

        public (IReadOnlyList<DbusValue> Values, DbusError? Error) Call(DbusMessage call) => (call.Body, null);
    }
}
