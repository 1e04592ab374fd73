using Gateway.Core;

namespace Gateway.Tests.Core.Commands;

public sealed class CommandCheckTests
{
    private static readonly PointLabels Modes = new([new(0, "off"), new(1, "heat"), new(5, "cool")]);

    [Fact]
    public void Resolve_Label_IsItsValue() => Assert.Equal(PointValue.Of(5m), Only(Mode(), PointValue.Of("cool")));

    [Fact]
    public void Resolve_ValueOfALabel_IsTaken() => Assert.Equal(PointValue.Of(1m), Only(Mode(), PointValue.Of(1m)));

    [Fact]
    public void Resolve_TrueWhereOneHasALabel_IsOne() => Assert.Equal(PointValue.Of(1m), Only(Mode(), PointValue.Of(true)));

    [Fact]
    public void Resolve_NeitherLabelNorValue_IsRefusedWithWhatThereIs()
    {
        foreach (var value in (PointValue[])[PointValue.Of("freeze"), PointValue.Of(2m)])
        {
            var refusal = CommandCheck.Resolve(TestDevice.With("d", Mode()), "id", new(null, [new("mode", value)], null), out _);
            Assert.Equal((CommandReason.WrongType, $"mode: {value} is none of its values: 0 off, 1 heat, 5 cool"), (refusal?.Reason, refusal?.Detail));
        }
    }

    [Fact]
    public void Resolve_LabelOutOfTheBounds_IsRefused()
    {
        var point = Mode() with { Write = new(0, 1) };
        Assert.Equal(CommandReason.OutOfRange, CommandCheck.Resolve(TestDevice.With("d", point), "id", new(null, [new("mode", PointValue.Of("cool"))], null), out _)?.Reason);
    }

    [Fact]
    public void Resolve_TextOfANumberThatIsPublishedAsText_IsTheNumber()
    {
        var point = TestDevice.Point("mode") with { Write = new(null, null), AsText = true };
        Assert.Equal(PointValue.Of(9007199254740993m), Only(point, PointValue.Of("9007199254740993")));
    }

    private static PointOptions Mode() => TestDevice.Point("mode") with { Write = new(null, null), Labels = Modes };

    private static PointValue Only(PointOptions point, PointValue value)
    {
        Assert.Null(CommandCheck.Resolve(TestDevice.With("d", point), "id", new(null, [new(point.Id, value)], null), out var writes));
        return Assert.Single(writes).Value;
    }
}
