using FsCheck;
using FsCheck.Fluent;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Modbus;

public class PollPlannerTests
{
    private static readonly PlanLimits Wide = new(125, 2000, 32);

    private static readonly Gen<PointOptions> AnyPoint =
        from space in Gen.Elements(Enum.GetValues<RegisterSpace>())
        from type in Gen.Elements(Enum.GetValues<ModbusType>().Where(t => space.IsBits() == (t == ModbusType.Bool)).ToArray())
        from address in Gen.OneOf(Gen.Choose(0, 300), Gen.Choose(0, 65532))
        from every in Gen.Elements(1, 10, 1000)
        select TestMap.Point($"{space}{address}{type}", space, address, type, every: every);

    private static readonly Gen<(List<PointOptions> Points, PlanLimits Limits, HashSet<PointOptions> Holes)> AnyMap =
        from points in Gen.ListOf(AnyPoint)
        from registers in Gen.Choose(4, 125)
        from bits in Gen.Choose(1, 2000)
        from gap in Gen.Choose(0, 60)
        from share in Gen.Choose(0, 4)
        select (points.ToList(), new PlanLimits(registers, bits, gap), points.Where((_, i) => i % 5 < share).ToHashSet<PointOptions>(ReferenceEqualityComparer.Instance));

    [Fact]
    public void Plan_AnyMap_CoversEachPointOnceWithinTheLimits() => Prop.ForAll(AnyMap.ToArbitrary(), map =>
    {
        var plan = PollPlanner.Plan(map.Points, map.Limits, map.Holes);
        var planned = plan.SelectMany(r => r.Points).ToList();
        Assert.Equal(map.Points.Count, planned.Count);
        Assert.Equal(map.Points.Count, planned.Distinct(ReferenceEqualityComparer.Instance).Count());
        foreach (var read in plan)
        {
            Assert.InRange(read.Count, 1, read.Space.IsBits() ? map.Limits.MaxBits : map.Limits.MaxRegisters);
            Assert.All(read.Points, p => Inside(read, p));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Plan_AnyMap_ReadsNothingAcrossAHole() => Prop.ForAll(AnyMap.ToArbitrary(), map =>
    {
        foreach (var read in PollPlanner.Plan(map.Points, map.Limits, map.Holes).Where(r => r.Points.Count > 1))
        {
            Assert.DoesNotContain(map.Holes.Select(h => (ModbusPoint)h.Address), h => h.Space == read.Space && h.Address < read.Address + read.Count && h.End > read.Address);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Plan_SamePointsInAnotherOrder_IsTheSamePlan() => Prop.ForAll(AnyMap.ToArbitrary(), map =>
    {
        var forward = PollPlanner.Plan(map.Points.DistinctBy(p => (p.Id, p.Every)), map.Limits);
        var backward = PollPlanner.Plan(map.Points.DistinctBy(p => (p.Id, p.Every)).Reverse(), map.Limits);
        Assert.Equal(forward.Select(r => r.ToString()), backward.Select(r => r.ToString()));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Split_AnyReadOfSeveralPoints_KeepsThemAllInTwoSmallerParts() => Prop.ForAll(AnyMap.ToArbitrary(), map =>
    {
        foreach (var read in PollPlanner.Plan(map.Points, map.Limits).Where(r => r.Points.Count > 1))
        {
            var (left, right) = PollPlanner.Split(read);
            Assert.NotEmpty(left.Points);
            Assert.NotEmpty(right.Points);
            Assert.Equal(read.Points, [.. left.Points, .. right.Points]);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Plan_HundredRegistersInARow_IsOneRead()
    {
        var read = Assert.Single(PollPlanner.Plan(Enumerable.Range(0, 100).Select(a => TestMap.Holding(a)), Wide));
        Assert.Equal((RegisterSpace.Holding, (ushort)0, 100), (read.Space, read.Address, read.Count));
    }

    [Fact]
    public void Plan_GapWiderThanAllowed_IsTwoReads()
    {
        Assert.Single(PollPlanner.Plan([TestMap.Holding(0), TestMap.Holding(33)], Wide));
        Assert.Equal(2, PollPlanner.Plan([TestMap.Holding(0), TestMap.Holding(34)], Wide).Count);
    }

    [Fact]
    public void Plan_DifferentIntervals_AreNotReadTogether() =>
        Assert.Equal(2, PollPlanner.Plan([TestMap.Holding(0, every: 10), TestMap.Holding(1, every: 1000)], Wide).Count);

    private static void Inside(PlannedRead read, PointOptions point)
    {
        var at = (ModbusPoint)point.Address;
        Assert.Equal(read.Space, at.Space);
        Assert.Equal(read.Every, point.Every);
        Assert.InRange(at.Address, read.Address, read.Address + read.Count);
        Assert.InRange(at.End, read.Address, read.Address + read.Count);
    }
}
