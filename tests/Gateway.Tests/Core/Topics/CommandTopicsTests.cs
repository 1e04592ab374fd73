using Gateway.Core;

namespace Gateway.Tests.Core.Topics;

public sealed class CommandTopicsTests
{
    private readonly CommandTopics _commands = new(TestDevice.Topics, [TestDevice.With("boiler"), TestDevice.With("boiler-7")]);

    [Theory]
    [InlineData("acme/berlin/boiler/cmd", "boiler", null)]
    [InlineData("acme/berlin/boiler-7/cmd", "boiler-7", null)]
    [InlineData("acme/berlin/boiler-7/set/setpoint", "boiler-7", "setpoint")]
    [InlineData("acme/berlin/boiler/set/unknown", "boiler", "unknown")]
    public void TryMatch_Command_IsFound(string topic, string device, string? point)
    {
        Assert.True(_commands.TryMatch(topic, out var found, out var name));
        Assert.Equal((device, point), (found.Id, name));
    }

    [Theory]
    [InlineData("acme/berlin/boiler")]
    [InlineData("acme/berlin/boiler/telemetry/t")]
    [InlineData("acme/berlin/other/cmd")]
    [InlineData("acme/berlin/boiler/set/")]
    [InlineData("acme/berlin/boiler/set/a/b")]
    [InlineData("edge/boiler/cmd")]
    public void TryMatch_OtherTopics_AreNotOurs(string topic) => Assert.False(_commands.TryMatch(topic, out _, out _));

    [Fact]
    public void Presets_NameDevicesOneByOne()
    {
        Assert.Equal(["acme/berlin/a/cmd", "acme/berlin/a/set/+"], TestDevice.Topics.CommandFilters([TestDevice.With("a")]));
        Assert.Equal(
            ["acme/berlin/a/telemetry/+", "acme/berlin/a/status", "acme/berlin/a/health", "acme/berlin/a/response"],
            TestDevice.Topics.StandardFilters([TestDevice.With("a")]));
    }
}
