using System.Net;
using System.Net.Sockets;
using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;

namespace Gateway.Tests.Broker.Hosting;

/// <summary>Addresses open and close while the broker runs.</summary>
public sealed class ListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_OneMore_WhoIsThereStays_AndBothAccept()
    {
        await using var host = await BrokerHost.StartAsync();
        using var early = await host.ConnectAsync("early");
        await early.SubscribeAsync("t");

        await host.Broker.TakeAsync(host.Options with { Listeners = [.. host.Options.Listeners, new ListenerOptions { Port = 0 }] }, Cancellation);

        Assert.Equal(2, host.Broker.Listeners.Bound.Count);
        using var late = await WireClient.OpenAsync(host.Broker.Listeners.Bound[1], ProtocolVersion.V500);
        await late.HandshakeAsync(new ConnectPacket { ClientId = "late", Version = ProtocolVersion.V500 });
        await late.PublishAsync("t", "1");
        await early.ExpectAsync(PacketType.Publish);
    }

    [Fact]
    public async Task Take_OneLess_ItsClientsAreToldAndNobodyGetsInThere()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("client");
        var address = host.Address;

        await host.Broker.TakeAsync(host.Options with { Listeners = [] }, Cancellation);

        await client.ExpectAsync(PacketType.Disconnect);
        Assert.Empty(host.Broker.Listeners.Bound);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(address, Cancellation).AsTask());
    }

    [Fact]
    public async Task Take_PortIsTaken_IsExplained_AndTheFormerOnesCanBeTakenAgain()
    {
        await using var host = await BrokerHost.StartAsync();
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<BrokerStartException>(() => host.Broker.TakeAsync(host.Options with { Listeners = [new ListenerOptions { Port = port }] }, Cancellation));

        Assert.StartsWith($"port {port} is in use by ", refused.Message, StringComparison.Ordinal);
        await host.Broker.TakeAsync(host.Options, Cancellation);
        using var client = await host.ConnectAsync("client");
    }

    [Fact]
    public async Task Take_UsersCannotBeRead_NothingHasChanged()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ConnectAsync("client");

        await Assert.ThrowsAsync<BrokerStartException>(() => host.Broker.TakeAsync(host.Options with { Listeners = [], PasswordFile = "/nowhere/users" }, Cancellation));

        Assert.Single(host.Broker.Listeners.Bound);
        using var other = await host.ConnectAsync("other");
    }
}
