using Gateway.Adapters.Modbus;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>A host and its backup, in virtual time.</summary>
public sealed class HostConnectorTests : IAsyncDisposable
{
    private static readonly ModbusTcpOptions s_options = new("line", default) { Host = "a", BackupHost = "b" };

    private readonly FakeTime _time = new();
    private readonly Dialer _dialer = new();
    private readonly HostConnector<Connection> _hosts;

    public HostConnectorTests() => _hosts = new(s_options, _dialer, _time);

    public ValueTask DisposeAsync() => _hosts.DisposeAsync();

    [Fact]
    public async Task Connect_HostIsThere_TheBackupIsLeftAlone()
    {
        Assert.Equal("a", await ConnectAsync());
        Assert.Null(_hosts.Note);
        Assert.Null(_hosts.TakeReturn());
        Assert.Equal(["a"], _dialer.Calls);
    }

    [Fact]
    public async Task Connect_HostTakesNoConnection_TheBackupServesUntilItDoes()
    {
        _dialer.Down.Add("a");
        Assert.Equal("b", await ConnectAsync());
        Assert.Equal("the backup b:502 serves, because a does not: connection refused", _hosts.Note!.Reason);

        _time.Advance(HostConnector<Connection>.TryHostEvery);
        Assert.Null(_hosts.TakeReturn());
        Assert.Null(_hosts.TakeReturn());
        Assert.Equal(["a", "b", "a"], _dialer.Calls);

        _dialer.Down.Clear();
        _time.Advance(HostConnector<Connection>.TryHostEvery);
        Assert.Null(_hosts.TakeReturn());
        Assert.Equal("a", _hosts.TakeReturn()!.Host);
        Assert.Null(_hosts.Note);
        Assert.Null(_hosts.TakeReturn());
    }

    [Fact]
    public async Task Connect_BothAreGone_SaysBothAndBeginsWithTheHost()
    {
        _dialer.Down.UnionWith(["a", "b"]);
        Assert.Equal("connection refused, both hosts", (await _hosts.ConnectAsync(default)).Fault!.Reason);
        Assert.Null(_hosts.Note);
        _dialer.Down.Clear();
        Assert.Equal("a", await ConnectAsync());
    }

    [Fact]
    public async Task Connect_BackupFails_TheHostHasItsTurn()
    {
        _dialer.Down.Add("a");
        Assert.Equal("b", await ConnectAsync());
        _dialer.Down.Clear();
        _dialer.Down.Add("b");
        Assert.Equal("a", await ConnectAsync());
    }

    [Fact]
    public async Task GiveUp_HostAnswersNothing_TheBackupServesAndTheHostIsTriedLessAndLessOften()
    {
        var every = HostConnector<Connection>.TryHostEvery;
        Assert.Equal("a", await ConnectAsync());
        for (var i = 0; i < 6; i++)
        {
            _hosts.GiveUp();
            Assert.Equal("b", await ConnectAsync());
            Assert.Contains("timeout", _hosts.Note!.Reason, StringComparison.Ordinal);
            every = every * 2 < HostConnector<Connection>.TryHostAtMost ? every * 2 : HostConnector<Connection>.TryHostAtMost;
            _time.Advance(every - TimeSpan.FromSeconds(1));
            var calls = _dialer.Calls.Count;
            Assert.Null(_hosts.TakeReturn());
            Assert.Equal(calls, _dialer.Calls.Count);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(_hosts.TakeReturn());
            Assert.Equal("a", _hosts.TakeReturn()!.Host);
        }
    }

    [Fact]
    public async Task WasSilent_SeveralConnectionsInARow_IsTheOthersTurn()
    {
        for (var i = 0; i < HostConnector<Connection>.SilentConnections; i++)
        {
            Assert.Equal("a", await ConnectAsync());
            _hosts.WasSilent();
        }

        Assert.Equal("b", await ConnectAsync());
    }

    [Fact]
    public async Task Carried_OneAnswerBetween_TheHostKeepsItsTurn()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("a", await ConnectAsync());
            _hosts.WasSilent();
            _hosts.WasSilent();
            _hosts.Carried();
        }
    }

    private async Task<string?> ConnectAsync() => (await _hosts.ConnectAsync(default)).Connection?.Host;

    private sealed class Dialer : IHostDialer<Connection>
    {
        public HashSet<string> Down { get; } = [];

        public List<string> Calls { get; } = [];

        public ValueTask<(Connection? Connection, LineFault? Fault)> ConnectAsync(string host, int port, CancellationToken cancellation)
        {
            Calls.Add(host);
            return ValueTask.FromResult<(Connection?, LineFault?)>(Down.Contains(host) ? (null, new("connection refused", "check port")) : (new(host), null));
        }
    }

    private sealed class Connection(string host) : IDisposable
    {
        public string Host => host;

        public void Dispose()
        {
        }
    }
}
