using System.Threading.Channels;
using Gateway.Adapters.Ble;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>Connections to devices by way of BlueZ.</summary>
public sealed class BlueZGattTests : IAsyncLifetime
{
    private const string Lock = "C4:00:00:00:00:01";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly GattAddress s_battery = new(BleUuid.Of(0x2A19), BleUuid.Of(0x180F));
    private static readonly GattAddress s_heart = new(BleUuid.Of(0x2A37));
    private static readonly GattAddress s_level = new(BleUuid.Of(0x2A06));
    private static readonly GattAddress s_secret = new(BleUuid.Of(0x2A24));

    private PrivateBus _bus = null!;
    private BluezMock _bluez = null!;
    private BlueZController _radio = null!;

    public async ValueTask InitializeAsync()
    {
        _bus = await PrivateBus.StartAsync();
        _bluez = await BluezMock.StartAsync(_bus);
        _radio = new(new() { Bus = _bus.Address, ConnectTimeout = TimeSpan.FromSeconds(10) }, TimeProvider.System);
        Assert.Null(await _radio.OpenAsync(default));
    }

    [Fact]
    public async Task Connect_LateServices_ThenReadWriteNotify()
    {
        await PeripheralAsync(resolveAfter: 300);
        await using var connection = await ConnectAsync();
        Assert.Equal("5D", Hex(await connection.ReadAsync(s_battery, default)));
        Assert.Equal("5D", Hex(await connection.ReadAsync(new(BleUuid.Of(0x2A19)), default)));

        Assert.True((await connection.WriteAsync(s_level, new byte[] { 2 }, default)).IsOk);
        Assert.Equal("02", Hex(await connection.ReadAsync(s_level, default)));

        var values = Channel.CreateUnbounded<string>();
        Assert.True((await connection.SubscribeAsync(s_heart, v => values.Writer.TryWrite(Convert.ToHexString(v.Span)), default)).IsOk);
        for (var i = 0; i < 5; i++)
        {
            await _bluez.DoAsync(new { @do = "notify", address = Lock, uuid = "2a37", value = $"004{i}" });
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"004{i}", await values.Reader.ReadAsync().AsTask().WaitAsync(s_patience));
        }

        Assert.Equal(1, _radio.Connections);
        await connection.DisposeAsync();
        Assert.Equal(0, _radio.Connections);
        Assert.Empty((await _bluez.StateAsync())["connected"]!.AsArray());
    }

    [Fact]
    public async Task Use_NotPossible_IsSaidInTheFieldsWords()
    {
        await PeripheralAsync();
        await using var connection = await ConnectAsync();
        Assert.Equal("no such characteristic", (await connection.ReadAsync(new(BleUuid.Of(0x2A00)), default)).Reason);
        Assert.Equal("no such characteristic", (await connection.ReadAsync(s_battery with { Service = BleUuid.Of(0x180D) }, default)).Reason);
        Assert.Equal("not permitted", (await connection.ReadAsync(s_heart, default)).Reason);
        Assert.Equal("not permitted", (await connection.WriteAsync(s_battery, new byte[1], default)).Reason);
        Assert.Equal("not supported", (await connection.SubscribeAsync(s_battery, _ => { }, default)).Reason);
        Assert.Equal("wrong length", (await connection.WriteAsync(s_level, new byte[4], default)).Reason);
        var secret = await connection.ReadAsync(s_secret, default);
        Assert.Equal("not authorised", secret.Reason);
        Assert.Contains("pairing", secret.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_DeviceLeavesMeanwhile_IsDisconnectedAndCanBeConnectedAgain()
    {
        await PeripheralAsync(dropOnRead: "2a19");
        await using (var connection = await ConnectAsync())
        {
            Assert.Equal(GattFaults.Disconnected, (await connection.ReadAsync(s_battery, default)).Reason);
            await connection.Ended.WaitAsync(s_patience);
            Assert.Equal(GattFaults.Disconnected, (await connection.ReadAsync(s_battery, default)).Reason);
        }

        await PeripheralAsync();
        await using var again = await ConnectAsync();
        Assert.Equal("5D", Hex(await again.ReadAsync(s_battery, default)));
    }

    [Fact]
    public async Task Connect_NeverHeardOrRefused_IsAReasonWithARemedy()
    {
        var unheard = await OpenAsync("C4:00:00:00:00:77");
        Assert.Equal((null, "not heard lately"), (unheard.Connection, unheard.Reason));

        await PeripheralAsync(refuse: true);
        var refused = await OpenAsync(Lock);
        Assert.Equal("could not connect: le-connection-abort-by-local", refused.Reason);
        Assert.NotEmpty(refused.Remedy!);

        await _bluez.DoAsync(new { @do = "fail", call = "Connect", error = "InProgress" });
        Assert.Equal("another program is connecting to it", (await OpenAsync(Lock)).Reason);
        Assert.Equal(0, _radio.Connections);
    }

    [Fact]
    public async Task Connect_ServicesNeverKnown_EndsAtItsLimitAndIsTakenBack()
    {
        await using var radio = new BlueZController(new() { Bus = _bus.Address, ConnectTimeout = TimeSpan.FromMilliseconds(500) }, TimeProvider.System);
        Assert.Null(await radio.OpenAsync(default));
        await PeripheralAsync(resolveAfter: 600_000);
        Assert.True(BleAddress.TryParse(Lock, out var address));
        var opening = await radio.ConnectAsync(address, null, default).AsTask().WaitAsync(s_patience);
        Assert.Equal((null, GattFaults.Timeout), (opening.Connection, opening.Reason));
        Assert.Empty((await _bluez.StateAsync())["connected"]!.AsArray());
    }

    [Fact]
    public async Task Connect_TwoAtOnce_OneAfterTheOther()
    {
        await PeripheralAsync(Lock, connectAfter: 200);
        await PeripheralAsync("C4:00:00:00:00:02", connectAfter: 200);
        var both = await Task.WhenAll(OpenAsync(Lock), OpenAsync("C4:00:00:00:00:02"));
        Assert.All(both, o => Assert.Null(o.Reason));
        Assert.Equal(2, _radio.Connections);
        await both[0].Connection!.DisposeAsync();
        await both[1].Connection!.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"do":"disconnect","address":"C4:00:00:00:00:01"}""")]
    [InlineData("""{"do":"forget","address":"C4:00:00:00:00:01"}""")]
    [InlineData("""{"do":"power","on":false}""")]
    [InlineData("""{"do":"remove-adapter"}""")]
    [InlineData("""{"do":"leave"}""")]
    public async Task Ended_HoweverItEnds_Completes(string command)
    {
        await PeripheralAsync();
        await using var connection = await ConnectAsync();
        await _bluez.DoAsync(System.Text.Json.Nodes.JsonNode.Parse(command)!);
        await connection.Ended.WaitAsync(s_patience);
    }

    [Theory]
    [InlineData(123456, null)]
    [InlineData(654321, "pairing refused")]
    public async Task Connect_WithPasskey_PairsIfItIsRight(int passkey, string? reason)
    {
        await PeripheralAsync(passkey: 123456);
        Assert.True(BleAddress.TryParse(Lock, out var address));
        var opening = await _radio.ConnectAsync(address, new(passkey), default).AsTask().WaitAsync(s_patience);
        Assert.Equal(reason, opening.Reason);
        if (opening.Connection is { } connection)
        {
            Assert.Equal("414243", Hex(await connection.ReadAsync(s_secret, default)));
            await connection.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _radio.DisposeAsync();
        await _bluez.DisposeAsync();
        await _bus.DisposeAsync();
    }

    private async Task PeripheralAsync(
        string address = Lock, int resolveAfter = 1, int connectAfter = 1, string dropOnRead = "", bool refuse = false, int passkey = 0)
    {
        await _bluez.DoAsync(new Dictionary<string, object>
        {
            ["do"] = "peripheral",
            ["address"] = address,
            ["resolve-after"] = resolveAfter,
            ["connect-after"] = connectAfter,
            ["drop-on-read"] = dropOnRead,
            ["refuse-connect"] = refuse,
            ["passkey"] = passkey,
            ["services"] = new object[]
            {
                new { uuid = "180f", characteristics = new[] { new { uuid = "2a19", flags = new[] { "read" }, value = "5d" } } },
                new
                {
                    uuid = "180d",
                    characteristics = new[]
                    {
                        new Dictionary<string, object> { ["uuid"] = "2a37", ["flags"] = new[] { "notify" }, ["descriptors"] = new[] { new { uuid = "2902", value = "0000" } } },
                        new Dictionary<string, object> { ["uuid"] = "2a06", ["flags"] = new[] { "read", "write" }, ["longest"] = 2 },
                        new Dictionary<string, object> { ["uuid"] = "2a24", ["flags"] = new[] { "read" }, ["value"] = "414243", ["secure"] = true },
                    },
                },
            },
        });
        await _bluez.AdvertiseAsync(address, "40");
    }

    private Task<GattOpening> OpenAsync(string address)
    {
        Assert.True(BleAddress.TryParse(address, out var parsed));
        return _radio.ConnectAsync(parsed, null, default).AsTask().WaitAsync(s_patience);
    }

    private async Task<IGattConnection> ConnectAsync()
    {
        var opening = await OpenAsync(Lock);
        Assert.Null(opening.Reason);
        return opening.Connection!;
    }

    private static string Hex(GattReply reply)
    {
        Assert.Null(reply.Reason);
        return Convert.ToHexString(reply.Value.Span);
    }
}
