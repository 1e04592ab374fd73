using Gateway.Mqtt;

namespace Gateway.Tests.Mqtt.Topics;

public sealed class TopicFilterTests
{
    [Theory]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("a/b/#")]
    [InlineData("+/b/+/#")]
    [InlineData("/+")]
    [InlineData("a//b")]
    [InlineData("$SYS/#")]
    public void IsValid_WellFormed_True(string filter) => Assert.True(TopicFilter.IsValid(filter));

    [Theory]
    [InlineData("")]
    [InlineData("a#")]
    [InlineData("a/#/b")]
    [InlineData("a+")]
    [InlineData("a/+b")]
    [InlineData("#/a")]
    [InlineData("a/\0")]
    public void IsValid_Malformed_False(string filter) => Assert.False(TopicFilter.IsValid(filter));

    [Theory]
    [InlineData("a", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a/+", false)]
    [InlineData("a#", false)]
    [InlineData("a\0", false)]
    public void TopicName_IsValid_AsInTheSpecification(string topic, bool valid) => Assert.Equal(valid, TopicName.IsValid(topic));

    [Fact]
    public void TopicName_IsValid_CountsBytesNotCharacters()
    {
        Assert.True(TopicName.IsValid(new string('a', 65_535)));
        Assert.False(TopicName.IsValid(new string('a', 65_536)));
        Assert.True(TopicName.IsValid(new string('€', 21_845)));
        Assert.False(TopicName.IsValid(new string('€', 21_846)));
    }

    // The examples of MQTT 5.0 §4.7.1 and §4.7.2.
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player2", false)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "sport", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a", "A", false)]
    [InlineData("+/#", "a", true)]
    [InlineData("a/+/#", "a", false)]
    public void Matches_Examples_AsInTheSpecification(string filter, string topic, bool matches) =>
        Assert.Equal(matches, TopicFilter.Matches(filter, topic));

    [Theory]
    [InlineData("a/#", "a/b", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/+", "+/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+/#", "a/b", true)]
    [InlineData("#", "$SYS/a", false)]
    [InlineData("#", "#", true)]
    [InlineData("$SYS/#", "$SYS/+", true)]
    public void Overlaps_Pairs_AreFoundBothWays(string first, string second, bool overlaps)
    {
        Assert.Equal(overlaps, TopicFilter.Overlaps(first, second));
        Assert.Equal(overlaps, TopicFilter.Overlaps(second, first));
    }
}
