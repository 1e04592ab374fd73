using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Answers that come late, or in drops.</summary>
public sealed class LineDeadlineTests
{
    public static TheoryData<Transport> All => [.. Enum.GetValues<Transport>()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Read_ManyLateReplies_NoneIsTakenForAnother(Transport transport)
    {
        await using var line = ThreeReads.Line(transport);
        line.Start(ThreeReads.Deadline);
        await line.Sink.GoodAsync("i");
        for (var i = 0; i < 4; i++)
        {
            var mark = line.Sink.Mark;
            await ThreeReads.FaultAsync(line, new(FaultKind.Late, ThreeReads.TooLate), "timeout");
            await line.Sink.GoodAsync("h", mark);
            await line.Sink.GoodAsync("j", mark);
        }

        ThreeReads.AssertNothingWrongIsGood(line);
    }

    /// <summary>The deadline is one for the whole transaction: bytes that come in time do not renew it.</summary>
    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Tls)]
    [InlineData(Transport.RtuOverTcp)]
    [InlineData(Transport.Ascii)]
    [InlineData(Transport.AsciiOverTcp)]
    public async Task Read_ReplyDribbles_EndsAtTheTotalDeadline(Transport transport)
    {
        await using var line = new SimulatedLine(transport, TestMap.Holding(1, every: 600_000));
        line.Unit(1);
        line.Faults.Always(1, new(FaultKind.Dribble, ThreeReads.Deadline / 5));
        var start = TimeProvider.System.GetTimestamp();
        line.Start(ThreeReads.Deadline);
        await line.Sink.BadAsync("h1", "timeout");

        // 9 to 17 bytes, 50 ms apart: a deadline for each read would have waited for all of them.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), ThreeReads.Deadline * 0.9, ThreeReads.Deadline * 8);
    }
}
