using Gateway.Setup;

namespace Gateway.Tests.Setup;

public sealed class FirstIdTests
{
    [Theory]
    [InlineData("gw-berlin-01", "gw-berlin-01")]
    [InlineData("Pump_House.example.com", "pump-house")]
    [InlineData("RevPi12345", "revpi12345")]
    [InlineData("-odd-", "odd")]
    public void HostName_ThatSaysSomething_IsTheId(string host, string id) => Assert.Equal(id, FirstId.From(host));

    [Theory]
    [InlineData("raspberrypi")]
    [InlineData("RaspberryPi.local")]
    [InlineData("localhost")]
    [InlineData("debian")]
    [InlineData("gateways")]
    [InlineData("f3b1c09a77de")]
    [InlineData("")]
    [InlineData("---")]
    public void HostName_ThatManyMachinesHave_IsNoId(string host) => Assert.Null(FirstId.From(host));
}
