using Gateway.Setup;

namespace Gateway.Tests.Setup;

public sealed class FirstQuestionsTests
{
    private readonly StringWriter _terminal = new();

    [Fact]
    public void Return_TakesWhatIsProposed()
    {
        var answers = Ask("\n\n\n\n", new() { Id = "gw-7" });

        Assert.Equal(new FirstAnswers { Id = "gw-7" }, answers);
        Assert.Contains("[gw-7]", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_IsToldAndAskedAgain()
    {
        var answers = Ask("GW 7\ngw-7\na/#\nplant\nhttp://plc\n192.0.2.20:1502\ncloud.example\nmqtt://cloud.example\n", new());

        Assert.Equal(("gw-7", "plant", ("192.0.2.20", 1502), "mqtt://cloud.example:1883"), (answers!.Id, answers.Root, answers.Modbus, answers.Cloud?.ToString()));
        Assert.Contains("write gw-7", _terminal.ToString(), StringComparison.Ordinal);
        Assert.Contains("write mqtt://cloud.example", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Closed_Terminal_IsNoAnswer() => Assert.Null(Ask("gw-7\n", new()));

    [Fact]
    public void Options_AreNotAskedAgain()
    {
        var answers = new FirstQuestions(new StringReader(""), _terminal).Ask(new() { Id = "gw-7" }, static _ => true);

        Assert.Equal("gw-7", answers!.Id);
    }

    [Theory]
    [InlineData("plc", "plc", 502)]
    [InlineData("plc:1502", "plc", 1502)]
    [InlineData("fe80::1", "fe80::1", 502)]
    [InlineData("[fe80::1]", "fe80::1", 502)]
    [InlineData("[fe80::1]:1502", "fe80::1", 1502)]
    public void Modbus_HostAndPort_AreToldApart(string text, string host, int port)
    {
        var answers = new FirstAnswers();
        Assert.Null(FirstAnswer.Modbus(text, ref answers));
        Assert.Equal((host, port), answers.Modbus);
    }

    [Theory]
    [InlineData("plc:0")]
    [InlineData("plc:x")]
    [InlineData("a b")]
    [InlineData(":502")]
    public void Modbus_Impossible_SaysWhatToWrite(string text)
    {
        var answers = new FirstAnswers();
        Assert.Contains("write ", FirstAnswer.Modbus(text, ref answers), StringComparison.Ordinal);
        Assert.Null(answers.Modbus);
    }

    private FirstAnswers? Ask(string typed, FirstAnswers proposed) => new FirstQuestions(new StringReader(typed), _terminal).Ask(proposed, static _ => false);
}
