using System.Text;
using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;

namespace Gateway.Tests.Broker.Access;

/// <summary>Rights as a client meets them: at publish, at subscribe, at delivery, with wills and retained messages, and when they change.</summary>
public sealed class RightsOnTheWireTests : IDisposable
{
    private readonly string _users = Path.GetTempFileName();
    private readonly string _acl = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_users);
        File.Delete(_users + RoleFile.Suffix);
        File.Delete(_acl);
    }

    [Theory]
    [InlineData(ProtocolVersion.V500)]
    [InlineData(ProtocolVersion.V311)]
    public async Task Publish_WhereItMayNot_IsDroppedAndToldIn5Only(ProtocolVersion version)
    {
        await using var host = await StartAsync("user anna", "topic write a/#", "user ben", "topic read #");
        using var ben = await host.ConnectAsync(As("ben"));
        await ben.SubscribeAsync("#");
        using var anna = await host.ConnectAsync(As("anna", version));

        await anna.PublishAsync("b", "no", qos: 1, id: 1);
        Assert.Equal(version == ProtocolVersion.V500 ? ReasonCode.NotAuthorized : ReasonCode.Success, (await anna.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        await anna.PublishAsync("b", "no", qos: 2, id: 2);
        Assert.Equal(version == ProtocolVersion.V500 ? ReasonCode.NotAuthorized : ReasonCode.Success, (await anna.ExpectAckAsync(PacketType.PubRec)).ReasonCode);
        await anna.PublishAsync("b", "no");
        await anna.PublishAsync("a/1", "yes", qos: 1, id: 3);
        Assert.Equal(ReasonCode.Success, (await anna.ExpectAckAsync(PacketType.PubAck)).ReasonCode);

        Assert.Equal("a/1", (await ben.ExpectPublishAsync()).Message.Topic);
        Assert.Equal(3, host.Broker.Status().Dropped[DropReason.NotAuthorized]);
    }

    [Theory]
    [InlineData(ProtocolVersion.V500, ReasonCode.NotAuthorized)]
    [InlineData(ProtocolVersion.V311, ReasonCode.UnspecifiedError)]
    public async Task Subscribe_ThatCanNeverDeliver_IsRefusedAndTheOthersAreNot(ProtocolVersion version, ReasonCode refusal)
    {
        await using var host = await StartAsync("user anna", "topic read a/#");
        using var anna = await host.ConnectAsync(As("anna", version));

        Assert.Equal([refusal, ReasonCode.GrantedQos1], await anna.SubscribeAsync(new Subscription("b/#", QualityOfService.AtLeastOnce), new Subscription("#", QualityOfService.AtLeastOnce)));
    }

    [Fact]
    public async Task Delivery_RetainedAndLive_ComesOnlyWhereItMayRead()
    {
        await using var host = await StartAsync("user anna", "topic read a/#", "user root", "topic #");
        using var root = await host.ConnectAsync(As("root"));
        await root.PublishAsync("a/kept", "1", qos: 1, id: 1, retain: true);
        await root.ExpectAckAsync(PacketType.PubAck);
        await root.PublishAsync("b/kept", "2", qos: 1, id: 2, retain: true);
        await root.ExpectAckAsync(PacketType.PubAck);
        using var anna = await host.ConnectAsync(As("anna"));
        await anna.SubscribeAsync("#");

        Assert.Equal("a/kept", (await anna.ExpectPublishAsync()).Message.Topic);
        await root.PublishAsync("b/live", "3");
        await root.PublishAsync("a/live", "4");
        Assert.Equal("a/live", (await anna.ExpectPublishAsync()).Message.Topic);
        await anna.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("a/will", true)]
    [InlineData("b/will", false)]
    public async Task Will_IsPublishedWhereItsClientMay(string topic, bool published)
    {
        await using var host = await StartAsync("user anna", "topic write a/#", "user ben", "topic read #");
        using var ben = await host.ConnectAsync(As("ben"));
        await ben.SubscribeAsync("#");
        using (var anna = await host.ConnectAsync(As("anna") with { Will = new Will(new MqttMessage { Topic = topic, Payload = "x"u8.ToArray() }, 0) }))
        {
            await anna.DisconnectAsync(ReasonCode.DisconnectWithWill);
            await anna.ExpectClosedAsync();
        }

        if (published)
        {
            Assert.Equal(topic, (await ben.ExpectPublishAsync()).Message.Topic);
        }

        await ben.ExpectNothingAsync();
        Assert.Equal(published ? 0 : 1, host.Broker.Status().Dropped[DropReason.NotAuthorized]);
    }

    [Fact]
    public async Task Reload_OtherRules_HoldAtOnceForWhoIsHere()
    {
        await using var host = await StartAsync("user anna", "topic a/#", "topic read b/#");
        using var anna = await host.ConnectAsync(As("anna"));
        await anna.SubscribeAsync("#");
        await anna.PublishAsync("a/1", "", qos: 1, id: 1);
        await anna.ExpectAckAsync(PacketType.PubAck);
        await anna.ExpectPublishAsync();

        await File.WriteAllLinesAsync(_acl, ["user anna", "topic b/#", "topic read a/2"]);
        Assert.Empty(host.Broker.Reload());

        await anna.PublishAsync("a/1", "", qos: 1, id: 2);
        Assert.Equal(ReasonCode.NotAuthorized, (await anna.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
        host.Broker.Publish(new MqttMessage { Topic = "a/1" }, acknowledged: false);
        host.Broker.Publish(new MqttMessage { Topic = "a/2" }, acknowledged: false);
        Assert.Equal("a/2", (await anna.ExpectPublishAsync()).Message.Topic);
    }

    [Fact]
    public async Task Reload_BrokenRules_KeepsThoseFromBefore()
    {
        await using var host = await StartAsync("user anna", "topic a/#");
        await File.WriteAllLinesAsync(_acl, ["user anna", "topic nonsense b/#"]);

        Assert.StartsWith($"{_acl}:2:7: ", Assert.Single(host.Broker.Reload()).ToString(), StringComparison.Ordinal);

        using var anna = await host.ConnectAsync(As("anna"));
        await anna.PublishAsync("a/1", "", qos: 1, id: 1);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, (await anna.ExpectAckAsync(PacketType.PubAck)).ReasonCode);
    }

    [Fact]
    public async Task Reload_WhatWaitsForSomebodyAway_IsDroppedIfItMayNotBeReadAnyMore()
    {
        await using var host = await StartAsync("user anna", "topic read #");
        await LeaveAsync(host, As("anna", expiry: 600));
        Publish(host, "a/1");
        Publish(host, "b/1");

        await File.WriteAllLinesAsync(_acl, ["user anna", "topic read b/#"]);
        Assert.Empty(host.Broker.Reload());

        using var anna = await host.ConnectAsync(As("anna", expiry: 600) with { CleanStart = false });
        Assert.Equal("b/1", (await anna.ExpectPublishAsync()).Message.Topic);
        Assert.Equal(1, host.Broker.Status().Dropped[DropReason.NotAuthorized]);
    }

    [Fact]
    public async Task Session_OfAnotherUser_IsNotResumed()
    {
        await using var host = await StartAsync("user anna", "topic read #", "user ben", "topic read #");
        await LeaveAsync(host, As("anna", expiry: 600));
        Publish(host, "a/1");

        using var ben = await host.OpenAsync();
        var answer = await ben.HandshakeAsync(As("ben", expiry: 600) with { ClientId = "anna", CleanStart = false });

        Assert.False(answer.SessionPresent);
        await ben.ExpectNothingAsync();
    }

    [Fact]
    public async Task Reload_PasswordSetAgain_DisconnectsTheUser()
    {
        await using var host = await StartAsync("user anna", "topic #", "user ben", "topic #");
        using var anna = await host.ConnectAsync(As("anna"));
        using var ben = await host.ConnectAsync(As("ben"));

        await File.WriteAllLinesAsync(_users, [.. File.ReadAllLines(_users).Where(l => !l.StartsWith("anna:", StringComparison.Ordinal)), $"anna:{PasswordHash.Create("anna"u8)}"]);
        Assert.Empty(host.Broker.Reload());

        await anna.ExpectEndAsync(ReasonCode.AdministrativeAction);
        await ben.ExpectNothingAsync();
    }

    [Fact]
    public async Task Reload_UserGone_LeavesNeitherSessionNorWill()
    {
        await using var host = await StartAsync("user anna", "topic #", "user ben", "topic read #");
        using var ben = await host.ConnectAsync(As("ben"));
        await ben.SubscribeAsync("#");
        using var anna = await host.ConnectAsync(As("anna", expiry: 600) with { Will = new Will(new MqttMessage { Topic = "plant/set" }, 0) });

        await File.WriteAllLinesAsync(_users, File.ReadAllLines(_users).Where(l => !l.StartsWith("anna:", StringComparison.Ordinal)));
        Assert.Empty(host.Broker.Reload());

        await anna.ExpectEndAsync(ReasonCode.NotAuthorized);
        await ben.ExpectNothingAsync();
        Assert.Equal(1, host.Broker.Status().Sessions);
    }

    [Theory]
    [InlineData("viewer", "edge/a/telemetry/t", true, false)]
    [InlineData("viewer", "edge/a/set/t", true, false)]
    [InlineData("viewer", "$SYS/broker/version", false, false)]
    [InlineData("control", "edge/a/set/t", true, true)]
    [InlineData("control", "edge/a/cmd", true, true)]
    [InlineData("control", "edge/a/desired", true, true)]
    [InlineData("control", "edge/a/telemetry/t", true, false)]
    [InlineData("bridge", "edge/a/telemetry/t", true, true)]
    [InlineData("bridge", "other", false, false)]
    [InlineData("admin", "other", true, true)]
    [InlineData("admin", "$SYS/broker/version", true, true)]
    public void Role_Allows(string role, string topic, bool read, bool write)
    {
        var rights = new Roles(RoleTopics.Default)[role];

        Assert.Equal((read, write), (rights.MayRead(topic), rights.MayWrite(topic)));
    }

    [Fact]
    public async Task Roles_WithoutAnAclFile_Decide()
    {
        await using var host = await StartWithRolesAsync("anna:control");
        using var anna = await host.ConnectAsync(As("anna"));
        using var ben = await host.ConnectAsync(As("ben"));

        Assert.Equal(ReasonCode.NoMatchingSubscribers, await PublishAsync(anna, "edge/boiler/set/t"));
        Assert.Equal(ReasonCode.NotAuthorized, await PublishAsync(anna, "edge/boiler/telemetry/t"));
        Assert.Equal(ReasonCode.NotAuthorized, await PublishAsync(ben, "edge/boiler/set/t"));
        Assert.Equal([ReasonCode.NotAuthorized, ReasonCode.Success], await ben.SubscribeAsync(new Subscription("$SYS/#", 0), new Subscription("#", 0)));
    }

    [Fact]
    public async Task Roles_WithAnAclFile_CountForNothing()
    {
        await using var host = await StartWithRolesAsync("anna:admin", _acl);
        using var anna = await host.ConnectAsync(As("anna"));

        Assert.Equal(ReasonCode.NotAuthorized, await PublishAsync(anna, "edge/boiler/set/t"));
    }

    [Fact]
    public async Task Roles_Reloaded_HoldAtOnce()
    {
        await using var host = await StartWithRolesAsync("anna:viewer");
        using var anna = await host.ConnectAsync(As("anna"));
        Assert.Equal(ReasonCode.NotAuthorized, await PublishAsync(anna, "edge/boiler/cmd"));

        await File.WriteAllTextAsync(_users + RoleFile.Suffix, "# who commands\nanna:control\n");
        Assert.Empty(host.Broker.Reload());

        Assert.Equal(ReasonCode.NoMatchingSubscribers, await PublishAsync(anna, "edge/boiler/cmd"));
    }

    [Fact]
    public async Task Anonymous_WhereThereAreUsers_IsAViewer()
    {
        await WriteUsersAsync("");
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { PasswordFile = _users, Anonymous = true });
        using var nobody = await host.ConnectAsync("nobody");

        Assert.Equal(ReasonCode.NotAuthorized, await PublishAsync(nobody, "edge/boiler/cmd"));
    }

    [Fact]
    public async Task Anonymous_OnThisMachineBesideUsersThatTheGatewayMade_MayDoEverythingButPretendToBeAUser()
    {
        await WriteUsersAsync("");
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { OwnUsers = _users });
        using var nobody = await host.ConnectAsync("nobody");
        using var liar = await host.OpenAsync();

        Assert.Equal(ReasonCode.NoMatchingSubscribers, await PublishAsync(nobody, "edge/boiler/cmd"));
        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await liar.HandshakeAsync(As("anna") with { Password = "wrong"u8.ToArray() })).ReasonCode);
    }

    [Fact]
    public async Task MayPublish_OfAClient_AsksItsRights()
    {
        await using var host = await StartAsync("user anna", "topic write a/#");
        using var anna = await host.ConnectAsync(As("anna"));

        Assert.True(host.Broker.MayPublish(MessageOrigin.FromClient("anna"), "a/answer"));
        Assert.False(host.Broker.MayPublish(MessageOrigin.FromClient("anna"), "b/answer"));
        Assert.True(host.Broker.MayPublish(MessageOrigin.FromBridge("cloud"), "b/answer"));
    }

    private static async Task<ReasonCode> PublishAsync(WireClient client, string topic)
    {
        await client.PublishAsync(topic, "x", qos: 1, id: 9);
        return (await client.ExpectAckAsync(PacketType.PubAck)).ReasonCode;
    }

    private static void Publish(BrokerHost host, string topic) =>
        host.Broker.Publish(new MqttMessage { Topic = topic, Qos = QualityOfService.AtLeastOnce }, acknowledged: false);

    private static async Task LeaveAsync(BrokerHost host, ConnectPacket connect)
    {
        using var client = await host.ConnectAsync(connect);
        await client.SubscribeAsync("#", 1);
        await client.DisconnectAsync();
        await client.ExpectClosedAsync();
    }

    private async Task<BrokerHost> StartAsync(params string[] acl)
    {
        await File.WriteAllLinesAsync(_acl, acl);
        await WriteUsersAsync("");
        return await BrokerHost.StartAsync(new BrokerOptions { PasswordFile = _users, AclFile = _acl });
    }

    private async Task<BrokerHost> StartWithRolesAsync(string roles, string? acl = null)
    {
        await WriteUsersAsync(roles);
        return await BrokerHost.StartAsync(new BrokerOptions { PasswordFile = _users, AclFile = acl });
    }

    /// <summary>Everybody's password is their name.</summary>
    private async Task WriteUsersAsync(string roles)
    {
        await File.WriteAllLinesAsync(_users, new[] { "anna", "ben", "root" }.Select(u => $"{u}:{PasswordHash.Create(Encoding.UTF8.GetBytes(u))}"));
        await File.WriteAllTextAsync(_users + RoleFile.Suffix, roles);
    }

    private static ConnectPacket As(string user, ProtocolVersion version = ProtocolVersion.V500, uint? expiry = null) => new()
    {
        ClientId = user,
        Version = version,
        CleanStart = true,
        SessionExpiryInterval = expiry,
        Username = user,
        Password = Encoding.UTF8.GetBytes(user),
    };
}
