using System.Text;
using Gateway.Core;
using Gateway.Mqtt;

namespace Gateway.Tests.Core.Commands;

public sealed class CommandDocumentTests
{
    [Fact]
    public void TryParse_Complete_HasAll()
    {
        Assert.True(Parse("""{"id":"a-1","set":{"setpoint":21.5,"pump":true},"expires":1736430000123}""", out var document, out _));
        Assert.Equal("a-1", document.Id);
        Assert.Equal([new("setpoint", PointValue.Of(21.5m)), new("pump", PointValue.Of(true))], document.Set);
        Assert.Equal(1_736_430_000_123, document.Expires!.Value.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("21.5", "not a JSON object")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"id":"x"}""", "nothing in set")]
    [InlineData("""{"id":"x","set":{}}""", "nothing in set")]
    [InlineData("""{"id":5,"set":{"a":1}}""", "id has the wrong type")]
    [InlineData("""{"id":"","set":{"a":1}}""", "1 to 128 bytes")]
    [InlineData("""{"id":"x","set":{"a":null}}""", "must be a number")]
    [InlineData("""{"id":"x","set":{"a":1,"a":2}}""", "twice")]
    [InlineData("""{"id":"x","set":{"a":1},"expire":1}""", "unknown member expire")]
    [InlineData("""{"id":"x","set":{"a":1},"expires":-1}""", "expires has the wrong type")]
    public void TryParse_Wrong_SaysWhat(string json, string expected)
    {
        Assert.False(Parse(json, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_WrongSet_KeepsTheId()
    {
        Assert.False(Parse("""{"set":5,"id":"x"}""", out var document, out _));
        Assert.Equal("x", document.Id);
    }

    public static TheoryData<string, PointValue> Plains => new()
    {
        { "21.5", PointValue.Of(21.5m) },
        { " 5\n", PointValue.Of(5m) },
        { "true", PointValue.Of(true) },
        { "on", PointValue.Of("on") },
        { "\"on\"", PointValue.Of("on") },
        { "", PointValue.Of("") },
    };

    [Theory]
    [MemberData(nameof(Plains))]
    public void Plain_Payload_IsTyped(string payload, PointValue expected) =>
        Assert.Equal(expected, CommandDocument.Plain("p", Encoding.UTF8.GetBytes(payload)).Set[0].Value);

    [Fact]
    public void IdOf_CorrelationData_IsItsTextOrItsHash()
    {
        Assert.Null(CommandDocument.IdOf(new MqttMessage { Topic = "t" }));
        Assert.Equal("req-7", CommandDocument.IdOf(With("req-7"u8.ToArray())));
        Assert.Matches("^[0-9a-f]{64}$", CommandDocument.IdOf(With([0, 1, 2])));
    }

    private static MqttMessage With(byte[] correlation) => new() { Topic = "t", Properties = new MessageProperties { CorrelationData = correlation } };

    private static bool Parse(string json, out CommandDocument document, out string? problem) =>
        CommandDocument.TryParse(Encoding.UTF8.GetBytes(json), out document, out problem);
}
