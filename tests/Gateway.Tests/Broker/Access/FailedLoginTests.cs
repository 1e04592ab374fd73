using System.Collections.Concurrent;
using System.Text;
using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker.Access;

/// <summary>Failed logins as whoever tries them meets them.</summary>
public sealed class FailedLoginTests : IDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    private readonly string _users = Path.GetTempFileName();
    private readonly FakeTime _time = new();
    private readonly ConcurrentQueue<AccessAlert> _alerts = [];

    public void Dispose() => File.Delete(_users);

    [Fact]
    public async Task WrongPasswords_LockThatUserOut_AlertOnce_AndAReloadForgets()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < LoginGuard.UserLimit; i++)
        {
            Assert.Equal(ReasonCode.BadUserNameOrPassword, (await LoginAsync(host, "anna", "wrong")).ReasonCode);
        }

        var locked = await LoginAsync(host, "anna", "anna");
        Assert.Equal(ReasonCode.ConnectionRateExceeded, locked.ReasonCode);
        Assert.Contains("too many failed logins; try again in ", locked.ReasonString, StringComparison.Ordinal);
        Assert.Equal(ReasonCode.Success, (await LoginAsync(host, "ben", "ben")).ReasonCode);
        Assert.Equal("login-locked", Assert.Single(_alerts).Kind);
        Assert.Contains("anna at 127.0.0.1 is locked out", Assert.Single(host.Broker.Status().Access).Text, StringComparison.Ordinal);
        Assert.Equal((5, 1), (host.Broker.Counters.LoginsFailed, host.Broker.Counters.LoginsRefused));

        Assert.Empty(host.Broker.Reload());
        Assert.Equal(ReasonCode.Success, (await LoginAsync(host, "anna", "anna")).ReasonCode);
    }

    [Fact]
    public async Task Lock_HasEnded_RightPasswordGetsIn()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < LoginGuard.UserLimit; i++)
        {
            await LoginAsync(host, "anna", "wrong");
        }

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(ReasonCode.Success, (await LoginAsync(host, "anna", "anna")).ReasonCode);
    }

    [Fact]
    public async Task NamesThatAreNoUsers_CountTogetherAndAreNotNamed()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < LoginGuard.UserLimit; i++)
        {
            Assert.Equal(ReasonCode.BadUserNameOrPassword, (await LoginAsync(host, $"my-password-{i}", "x")).ReasonCode);
        }

        Assert.Equal(ReasonCode.ConnectionRateExceeded, (await LoginAsync(host, "another", "x")).ReasonCode);
        Assert.DoesNotContain("my-password", Assert.Single(_alerts).Text, StringComparison.Ordinal);
    }

    private async Task<BrokerHost> StartAsync()
    {
        await File.WriteAllLinesAsync(_users, new[] { "anna", "ben" }.Select(u => $"{u}:{PasswordHash.Create(Encoding.UTF8.GetBytes(u))}"));
        var host = await BrokerHost.StartAsync(new BrokerOptions { PasswordFile = _users }, _time);
        host.Broker.Attach(_alerts.Enqueue);
        return host;
    }

    /// <summary>Time goes on while the answer is awaited.</summary>
    private async Task<ConnAckPacket> LoginAsync(BrokerHost host, string user, string password)
    {
        using var client = await host.OpenAsync();
        var answer = client.HandshakeAsync(new ConnectPacket { ClientId = user, CleanStart = true, Username = user, Password = Encoding.UTF8.GetBytes(password) });
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!answer.IsCompleted)
        {
            await pace.WaitForNextTickAsync();
            _time.Advance(s_step / 10);
        }

        return await answer;
    }
}
