using System.Net;
using System.Text;
using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Mqtt;
using Gateway.Tests.Broker.Wire;

namespace Gateway.Tests.Broker.Access;

public sealed class AccessTests : IDisposable
{
    // Written by mosquitto_passwd 2.0.11: "secret", and (with -H sha512) "old secret".
    private const string Anna = "anna:$7$101$X3n4Rd73tpbls6+8$LSfRdP+7SDhs/yUmgvBxTV9RYOLH8asgapk6TdRMUOmjBp9ouq/8z7yd+OQFzG9xdXAH3hSMqGDAmVXzIS1PJA==";
    private const string Ben = "ben:$6$q7nHpyrORhCEA9qj$2oagnS2CEee6kT24aKVn17oojTklN/M9XPndzOWq3thhiiT1UACQP0REFmXz7Yz+f6gRjDLQr1116nFjqfRNow==";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("anna", "secret", ReasonCode.Success)]
    [InlineData("ben", "old secret", ReasonCode.Success)]
    [InlineData("anna", "Secret", ReasonCode.BadUserNameOrPassword)]
    [InlineData("ben", "", ReasonCode.BadUserNameOrPassword)]
    [InlineData("nobody", "secret", ReasonCode.BadUserNameOrPassword)]
    [InlineData(null, null, ReasonCode.NotAuthorized)]
    public async Task Connect_WithAPasswordFile_NeedsAUser(string? user, string? password, ReasonCode expected)
    {
        await File.WriteAllLinesAsync(_file, ["# users", "", Anna, Ben]);
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { PasswordFile = _file });
        foreach (var version in new[] { ProtocolVersion.V311, ProtocolVersion.V500 })
        {
            using var client = await host.OpenAsync(version);
            var answer = await client.HandshakeAsync(new ConnectPacket
            {
                ClientId = "a",
                Version = version,
                CleanStart = true,
                Username = user,
                Password = password is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(password),
            });
            Assert.Equal(expected, answer.ReasonCode);
        }
    }

    [Fact]
    public async Task Reload_NewFile_CountsFromNowOnAndABadOneDoesNot()
    {
        await File.WriteAllTextAsync(_file, Anna);
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { PasswordFile = _file });
        await File.WriteAllTextAsync(_file, "anna:plain");
        Assert.StartsWith($"{_file}:1:1: ", Assert.Single(host.Broker.Reload()).ToString(), StringComparison.Ordinal);
        using var still = await host.ConnectAsync(User("anna", "secret"));
        await still.ExpectNothingAsync();
        await File.WriteAllTextAsync(_file, Ben);
        Assert.Empty(host.Broker.Reload());
        await still.ExpectEndAsync(ReasonCode.NotAuthorized);
        using var refused = await host.OpenAsync();
        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await refused.HandshakeAsync(User("anna", "secret"))).ReasonCode);
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("anna:")]
    [InlineData(":$6$YQ==$YQ==")]
    [InlineData("anna:$7$0$YWJj$YQ==")]
    [InlineData("anna:$5$YWJj$YQ==")]
    [InlineData("anna:$6$YWJj$YQ==")]
    [InlineData("anna:$7$101$!$!")]
    public void PasswordFile_BadLine_IsNamed(string line)
    {
        var problems = new ProblemList();
        Assert.Null(PasswordFile.TryParse("users", ["# first", line], problems));
        var problem = Assert.Single(problems.All).ToString();
        Assert.StartsWith("users:2:1: ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("YQ==", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void PasswordFile_Missing_StopsTheStart()
    {
        var problems = new ProblemList();
        Assert.Null(PasswordFile.TryRead("/nonexistent/users", problems));
        Assert.Contains("edge-gateway user add", Assert.Single(problems.All).Instead, StringComparison.Ordinal);
    }

    [Fact]
    public void PasswordHash_Created_VerifiesOnlyItsPassword()
    {
        Assert.True(PasswordHash.TryParse(PasswordHash.Create("x"u8), out var hash));
        Assert.True(hash.Verify("x"u8));
        Assert.False(hash.Verify("y"u8));
        Assert.False(PasswordHash.Nobody.Verify(""u8));
    }

    [Theory]
    [InlineData("127.0.0.1", false, ReasonCode.Success)]
    [InlineData("::1", false, ReasonCode.Success)]
    [InlineData("::ffff:127.0.0.1", false, ReasonCode.Success)]
    [InlineData("192.0.2.1", false, ReasonCode.NotAuthorized)]
    [InlineData("::ffff:192.0.2.1", false, ReasonCode.NotAuthorized)]
    [InlineData("192.0.2.1", true, ReasonCode.Success)]
    public void Anonymous_WithoutAPasswordFile_IsForLoopback(string address, bool anonymous, ReasonCode expected) =>
        Assert.Equal(expected, Check(new BrokerOptions { Anonymous = anonymous }, new IPEndPoint(IPAddress.Parse(address), 1)).Reason);

    private static Admission Check(BrokerOptions options, IPEndPoint remote)
    {
        var policy = AccessPolicy.TryRead(options, new ProblemList())!;
        return new AccessControl(policy).Check(policy, new ConnectPacket(), remote);
    }

    private static ConnectPacket User(string name, string password) =>
        new() { ClientId = name, CleanStart = true, Username = name, Password = Encoding.UTF8.GetBytes(password) };
}
