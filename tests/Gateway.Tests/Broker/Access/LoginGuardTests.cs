using System.Net;
using Gateway.Broker;
using Gateway.Tests.Support;

namespace Gateway.Tests.Broker.Access;

public sealed class LoginGuardTests
{
    private const string Here = "192.0.2.1";
    private const string There = "192.0.2.2";

    private readonly FakeTime _time = new();
    private readonly LoginGuard _guard;

    public LoginGuardTests() => _guard = new LoginGuard(_time);

    [Fact]
    public void Fail_FiveTimes_LocksTheUserAtThatAddressOnly()
    {
        var delays = Enumerable.Range(0, LoginGuard.UserLimit).Select(_ => _guard.Fail(Here, "anna")).ToList();

        Assert.Equal([0, 500, 1000, 2000, 4000], delays.Select(d => d.Delay.TotalMilliseconds));
        Assert.True(delays[^1].IsFirstLock);
        Assert.Equal(TimeSpan.FromSeconds(30), Left(Here, "anna"));
        Assert.Equal(TimeSpan.Zero, Left(There, "anna"));
        Assert.Equal(TimeSpan.Zero, Left(Here, "ben"));
    }

    [Fact]
    public void Lock_OneMoreAfterItEnded_GrowsToFiveMinutes()
    {
        for (var i = 0; i < LoginGuard.UserLimit - 1; i++)
        {
            _guard.Fail(Here, "anna");
        }

        foreach (var seconds in new[] { 30, 60, 120, 240, 300, 300 })
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), _guard.Fail(Here, "anna").UserLocked);
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.NotEqual(TimeSpan.Zero, Left(Here, "anna"));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(TimeSpan.Zero, Left(Here, "anna"));
        }
    }

    [Fact]
    public void Address_ManyNames_IsLockedExceptForWhomItHasLetInBefore()
    {
        _guard.Succeed(Here, "anna");
        for (var i = 0; i < LoginGuard.AddressLimit; i++)
        {
            _guard.Fail(Here, i % 2 == 0 ? LoginGuard.Stranger : $"user{i}");
        }

        Assert.NotEqual(TimeSpan.Zero, Left(Here, "ben"));
        Assert.Equal(TimeSpan.Zero, Left(Here, "anna"));
        Assert.Equal(TimeSpan.Zero, Left(There, "ben"));
    }

    [Fact]
    public void User_AttackedFromEverywhere_IsSlowedAndNeverShutOut()
    {
        _guard.Succeed(There, "anna");
        for (var i = 0; i < 1_000; i++)
        {
            _guard.Fail($"198.51.{i / 250}.{i % 250}", "anna");
        }

        Assert.Equal(TimeSpan.Zero, _guard.LockedFor("203.0.113.1", "anna", out var stranger));
        Assert.Equal(TimeSpan.Zero, _guard.LockedFor(There, "anna", out var known));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.Zero), (stranger, known));
    }

    [Fact]
    public void Succeed_AfterFailures_ForgetsThem()
    {
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < LoginGuard.UserLimit - 1; i++)
            {
                Assert.Equal(TimeSpan.Zero, _guard.Fail(Here, "anna").UserLocked);
            }

            _guard.Succeed(Here, "anna");
        }
    }

    [Fact]
    public void Memory_OfManyAddresses_KeepsTheNewestOnly()
    {
        for (var i = 0; i < LoginGuard.UserLimit; i++)
        {
            _guard.Fail(Here, "anna");
        }

        for (var i = 0; i < LoginGuard.Capacity; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _guard.Fail($"2001:db8:{i:x}::/64", LoginGuard.Stranger);
        }

        Assert.Empty(_guard.Locked());
        Assert.InRange(_guard.Remembered, 1, LoginGuard.Capacity);
    }

    [Fact]
    public void Forget_Everything_LetsEverybodyTryAgain()
    {
        for (var i = 0; i < LoginGuard.UserLimit; i++)
        {
            _guard.Fail(Here, "anna");
        }

        Assert.Equal((Here, "anna"), (_guard.Locked()[0].Address, _guard.Locked()[0].User));
        _guard.Forget();
        Assert.Equal(TimeSpan.Zero, Left(Here, "anna"));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1")]
    public void Key_OfAnAddress_IsWhatOneMachineHasOneOf(string address, string key) => Assert.Equal(key, LoginGuard.Key(new IPEndPoint(IPAddress.Parse(address), 1)));

    private TimeSpan Left(string address, string user) => _guard.LockedFor(address, user, out _);
}
