using Gateway.Broker;

namespace Gateway.Tests.Broker.Status;

public sealed class LogNameTests
{
    [Theory]
    [InlineData("boiler-1", "boiler-1")]
    [InlineData("a\nfail: b\u001b[31m", "a?fail: b?[31m")]
    public void Of_Identifier_CannotBreakTheLine(string clientId, string expected) => Assert.Equal(expected, LogName.Of(clientId));

    [Fact]
    public void Of_LongIdentifier_IsCut() => Assert.Equal(new string('x', 64) + "… (65535 characters)", LogName.Of(new string('x', 65_535)));
}
