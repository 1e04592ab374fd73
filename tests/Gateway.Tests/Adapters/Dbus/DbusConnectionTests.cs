using Gateway.Adapters.Dbus;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Dbus;

public class DbusConnectionTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Open_GreetingAndHello_GivesTheNameThatTheBusGave()
    {
        await using var bus = new FakeBus();
        await using var connection = await OpenAsync(bus);
        Assert.Equal(":1.7", connection.UniqueName);
        Assert.Null(connection.Fault);
    }

    [Fact]
    public async Task Open_RefusedUser_IsAnErrorWithTheBussWords()
    {
        await using var bus = new FakeBus();
        var accepting = bus.AcceptAsync("REJECTED EXTERNAL\r\n");
        var (connection, error) = await DbusConnection.OpenAsync(bus.Address, TimeProvider.System, default);
        await accepting;
        Assert.Null(connection);
        Assert.Equal(DbusError.AuthFailed, error!.Name);
        Assert.Contains("REJECTED EXTERNAL", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoBus_NamesTheLastAddress()
    {
        var (connection, error) = await DbusConnection.OpenAsync("unix:path=/nowhere/a;unix:path=/nowhere/b", TimeProvider.System, default);
        Assert.Null(connection);
        Assert.Equal(DbusError.NoServer, error!.Name);
        Assert.Contains("/nowhere/b", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FirstAddressDead_TriesTheNext()
    {
        await using var bus = new FakeBus();
        var accepting = bus.AcceptAsync();
        var (connection, error) = await DbusConnection.OpenAsync("unix:path=/nowhere;" + bus.Address, TimeProvider.System, default);
        await accepting;
        Assert.Null(error);
        await connection!.DisposeAsync();
    }

    [Fact]
    public async Task Call_ErrorReply_IsAValue()
    {
        await using var bus = new FakeBus();
        await using var connection = await OpenAsync(bus);
        var call = connection.CallAsync(DbusMessage.Call("org.bluez", "/org/bluez/hci0", "org.bluez.Adapter1", "StartDiscovery"), s_second, default);
        await bus.SendAsync((await bus.ReceiveAsync()).Refusal(new("org.bluez.Error.NotReady", "Resource Not Ready")));
        Assert.Equal(new DbusReply(null, new("org.bluez.Error.NotReady", "Resource Not Ready")), await call);
    }

    [Fact]
    public async Task Call_NoAnswer_EndsAtItsDeadlineAndTheLateAnswerDisturbsNobody()
    {
        await using var bus = new FakeBus();
        var time = new FakeTime();
        await using var connection = await OpenAsync(bus, time);
        var first = connection.CallAsync(DbusMessage.Call("a.b", "/", "a.b", "Slow"), s_second, default).AsTask();
        var slow = await bus.ReceiveAsync();
        time.Advance(s_second);
        Assert.Equal(DbusError.NoReply, (await first).Error!.Name);

        await bus.SendAsync(slow.Answer(DbusValue.String("late")));
        var second = connection.CallAsync(DbusMessage.Call("a.b", "/", "a.b", "Quick"), s_second, default).AsTask();
        await bus.SendAsync((await bus.ReceiveAsync()).Answer(DbusValue.String("quick")));
        Assert.Equal("quick", (await second).Argument(0).AsString());
    }

    [Fact]
    public async Task Call_BusGoesAway_EndsCallsAndSignals()
    {
        await using var bus = new FakeBus();
        await using var connection = await OpenAsync(bus);
        var call = connection.CallAsync(DbusMessage.Call("a.b", "/", "a.b", "C"), TimeSpan.FromMinutes(1), default).AsTask();
        await bus.ReceiveAsync();
        bus.Hangup();
        Assert.Equal(DbusError.Disconnected, (await call).Error!.Name);
        Assert.Null(await connection.Signals.TakeAsync(default));
        Assert.Equal(DbusError.Disconnected, connection.Fault!.Name);
        var later = await connection.CallAsync(DbusMessage.Call("a.b", "/", "a.b", "C"), TimeSpan.FromMinutes(1), default);
        Assert.Equal(DbusError.Disconnected, later.Error!.Name);
    }

    [Fact]
    public async Task Read_NoMessage_EndsTheConnectionWithTheReason()
    {
        await using var bus = new FakeBus();
        await using var connection = await OpenAsync(bus);
        await bus.SendAsync(new byte[64]);
        Assert.Null(await connection.Signals.TakeAsync(default));
        Assert.Contains("neither byte order", connection.Fault!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signals_InTheirOrder_AndTheNewestAreDroppedAndCountedWhenNobodyTakesThem()
    {
        await using var bus = new FakeBus();
        await using var connection = await OpenAsync(bus);
        const int TooMany = 10;
        for (var i = 0; i < SignalQueue.MostSignals + TooMany; i++)
        {
            await bus.SendAsync(DbusMessage.Signal("/", "a.b", "N", DbusValue.Int32(i)));
        }

        // What comes after them is behind them.
        var ping = connection.CallAsync(DbusMessage.Call("a.b", "/", "a.b", "C"), TimeSpan.FromMinutes(1), default).AsTask();
        await bus.SendAsync((await bus.ReceiveAsync()).Answer());
        await ping;
        Assert.Equal(TooMany, connection.Signals.Dropped);
        for (var i = 0; i < SignalQueue.MostSignals; i++)
        {
            Assert.True(connection.Signals.TryTake(out var signal));
            Assert.Equal(i, signal!.Argument(0).AsInt64());
        }

        Assert.False(connection.Signals.TryTake(out _));
    }

    [Fact]
    public async Task Objects_AreCalledByOthers()
    {
        await using var bus = new FakeBus();
        await using var connection = await OpenAsync(bus);
        connection.Objects.Add("/gw/monitor", new Lamp());

        async Task<DbusMessage> AskAsync(string path, string @interface, string member, params DbusValue[] body)
        {
            await bus.SendAsync(DbusMessage.Call(":1.7", path, @interface, member, body) with { Sender = ":1.9" });
            return await bus.ReceiveAsync();
        }

        Assert.Equal("[<'on'>]", $"[{(await AskAsync("/gw/monitor", DbusObjects.PropertiesInterface, "Get", DbusValue.String("test.Lamp"), DbusValue.String("State"))).Argument(0)}]");
        Assert.Equal("['/gw/monitor': ['test.Lamp': ['State': <'on'>]]]", (await AskAsync("/gw", DbusObjects.ObjectManager, "GetManagedObjects")).Argument(0).ToString());
        Assert.Equal("'Blink 3'", (await AskAsync("/gw/monitor", "test.Lamp", "Blink", DbusValue.Int32(3))).Argument(0).ToString());
        Assert.Equal(DbusError.InvalidArgs, (await AskAsync("/gw/monitor", "test.Lamp", "Blink")).ErrorName);
        Assert.Equal(DbusError.UnknownMethod, (await AskAsync("/gw/monitor", "test.Lamp", "Explode")).ErrorName);
        Assert.Equal(DbusError.UnknownObject, (await AskAsync("/other", "test.Lamp", "Blink", DbusValue.Int32(3))).ErrorName);
        Assert.Equal(DbusError.PropertyReadOnly, (await AskAsync(
            "/gw/monitor", DbusObjects.PropertiesInterface, "Set", DbusValue.String("test.Lamp"), DbusValue.String("State"), DbusValue.Variant(DbusValue.String("off")))).ErrorName);
        Assert.Contains("<node name=\"monitor\"/>", (await AskAsync("/gw", DbusObjects.Introspectable, "Introspect")).Argument(0).AsString(), StringComparison.Ordinal);
        Assert.Contains("<method name=\"Blink\"><arg type=\"i\" direction=\"in\"/></method>", (await AskAsync("/gw/monitor", DbusObjects.Introspectable, "Introspect")).Argument(0).AsString(), StringComparison.Ordinal);
    }

    private static async Task<DbusConnection> OpenAsync(FakeBus bus, TimeProvider? time = null)
    {
        var accepting = bus.AcceptAsync();
        var (connection, error) = await DbusConnection.OpenAsync(bus.Address, time ?? TimeProvider.System, default);
        Assert.Null(error);
        await accepting;
        return connection!;
    }

    private sealed class Lamp : IDbusObject
    {
        public string Interface => "test.Lamp";

        public IReadOnlyList<(string Name, DbusValue Value)> Properties => [("State", DbusValue.String("on"))];

        public IReadOnlyList<(string Name, string Signature)> Methods => [("Blink", "i")];

        public (IReadOnlyList<DbusValue> Values, DbusError? Error) Call(DbusMessage call) => ([DbusValue.String($"{call.Member} {call.Argument(0)}")], null);
    }
}
