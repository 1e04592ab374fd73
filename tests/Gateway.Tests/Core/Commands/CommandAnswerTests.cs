using System.Text;
using Gateway.Core;

namespace Gateway.Tests.Core.Commands;

public sealed class CommandAnswerTests
{
    [Fact]
    public void Values_OfPointsWithLabels_AreValueAndLabelAsInTheirReadings()
    {
        var labels = new PointLabels([new(0, "off"), new(2, "he\"at")]);
        var answer = new CommandAnswer("a", CommandResult.Ok, Values:
        [
            new(TestDevice.Point("setpoint"), PointValue.Of(21.50m)),
            new(TestDevice.Point("mode") with { Labels = labels }, PointValue.Of(2m)),
            new(TestDevice.Point("pump") with { Labels = labels }, PointValue.Of(false)),
            new(TestDevice.Point("other") with { Labels = labels }, PointValue.Of(7m)),
            new(TestDevice.Point("count") with { AsText = true }, PointValue.Of(9007199254740993m)),
        ]);
        Assert.Equal(
            """{"id":"a","result":"ok","values":{"setpoint":21.5,"mode":{"v":2,"label":"he\"at"},"pump":{"v":false,"label":"off"},"other":7,"count":"9007199254740993"},"ts":0,"schema":"response.v1"}""",
            Encoding.UTF8.GetString(answer.ToJson(DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public void Values_WhereNothingWasReadBack_AreLeftOut() => Assert.Equal(
        """{"id":"a","result":"rejected","reason":"expired","ts":0,"schema":"response.v1"}""",
        Encoding.UTF8.GetString(CommandAnswer.Rejected("a", CommandReason.Expired).ToJson(DateTimeOffset.UnixEpoch)));
}
