using Gateway.Verification;

namespace Gateway.Tests.Verification;

public sealed class NumberRangesTests
{
    [Fact]
    public void Paint_AnySequence_IsWhatAnArrayWouldHold()
    {
        for (var seed = 1; seed <= 2_000; seed++)
        {
            var random = new Random(seed);
            var ranges = new NumberRanges();
            var model = new byte?[42];
            for (var step = 0; step < 30; step++)
            {
                var from = random.Next(1, 41);
                var to = random.Next(from, 41);
                var kind = (byte)random.Next(3);
                var over = random.Next(2) == 0;
                var fresh = 0UL;
                for (var n = from; n <= to; n++)
                {
                    fresh += model[n] is null ? 1UL : 0UL;
                    model[n] = over ? kind : model[n] ?? kind;
                }

                Assert.Equal(fresh, ranges.Paint((ulong)from, (ulong)to, kind, over));
                Assert.Equal(model[1..41], Enumerable.Range(1, 40).Select(n => ranges.KindOf((ulong)n)));
                Assert.Equal((ulong)model[5..36].Count(k => k is null), ranges.CountHoles(5, 35));
                for (var i = 1; i < ranges.Count; i++)
                {
                    Assert.True(ranges[i - 1].To + 1 < ranges[i].From || (ranges[i - 1].To + 1 == ranges[i].From && ranges[i - 1].Kind != ranges[i].Kind), $"seed {seed}");
                }
            }
        }
    }
}
