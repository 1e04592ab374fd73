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
            Assert.InRange(read.Address + read.Count, 1, 65536);
            Assert.All(read.Points, p => Inside(read, p));
            AssertGaps(read, map.Limits.MaxGap * (read.Space.IsBits() ? 16 : 1));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Plan_AnyMapWithoutHoles_NoReadCouldHaveBeenJoinedWithTheNext() => Prop.ForAll(AnyMap.ToArbitrary(), map =>
    {
        var plan = PollPlanner.Plan(map.Points, map.Limits);
        foreach (var (read, next) in plan.Zip(plan.Skip(1)).Where(p => p.First.Space == p.Second.Space && p.First.Every == p.Second.Every))
        {
            var (gap, size) = read.Space.IsBits() ? (map.Limits.MaxGap * 16, map.Limits.MaxBits) : (map.Limits.MaxGap, map.Limits.MaxRegisters);
            var firstOfNext = (ModbusPoint)next.Points[0].Address;
            Assert.True(next.Address - (read.Address + read.Count) > gap || Math.Max(firstOfNext.End, read.Address + read.Count) - read.Address > size);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Plan_OneRequestPerPoint_JoinsOnlyPointsOfTheSameRegisters() => Prop.ForAll(AnyMap.ToArbitrary(), map =>
    {
        foreach (var read in PollPlanner.Plan(map.Points, map.Limits with { OneRequestPerPoint = true }))
        {
            Assert.All(read.Points, p => Assert.Equal((read.Address, read.Count), (((ModbusPoint)p.Address).Address, ((ModbusPoint)p.Address).Width)));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Plan_Cuts_EachBeginsARead() => Prop.ForAll(AnyMap.ToArbitrary(), map =>
    {
        // The points that were holes elsewhere are places to cut here.
        foreach (var read in PollPlanner.Plan(map.Points, map.Limits, cuts: map.Holes))
        {
            Assert.All(read.Points.Skip(1), p => Assert.DoesNotContain(p, map.Holes));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Plan_AnyMap_ReadsNothingAcrossAHole() => Prop.ForAll(AnyMap.ToArbitrary(), map =>
    {
        foreach (var read in PollPlanner.Plan(map.Points, map.Limits, map.Holes).Where(r => r.Points.Count > 1))
        {
            Assert.DoesNotContain(map.Holes.Select(h => (ModbusPoint)h.Address), h => h.Space == read.Space && h.Address < read.Address + read.Count && h.End > read.Address);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Plan_SamePointsInAnyOrder_IsTheSamePlan() => Prop.ForAll(AnyMap.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (map, seed) =>
    {
        PointOptions[] points = [.. map.Points.DistinctBy(p => (p.Id, p.Every))];
        var before = PollPlanner.Plan(points, map.Limits, map.Holes);
        new Random(seed).Shuffle(points);
        var after = PollPlanner.Plan(points, map.Limits, map.Holes);
        Assert.Equal(before.Select(Text), after.Select(Text));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

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

    [Fact]
    public void Over_WhatADeviceSays_GoesBeforeItsLink()
    {
        Assert.Equal(Wide, PlanOverrides.None.Over(Wide));
        Assert.Equal(new PlanLimits(16, 2000, 0) { OneRequestPerPoint = true }, new PlanOverrides(MaxRegisters: 16, MaxGap: 0, OneRequestPerPoint: true).Over(Wide));
    }

    private static string Text(PlannedRead read) => $"{read} every {read.Every}: {string.Join(", ", read.Points.Select(p => p.Id))}";

    /// <summary>No run of registers that belong to no point is longer than allowed.</summary>
    private static void AssertGaps(PlannedRead read, int most)
    {
        var end = (int)read.Address;
        foreach (var at in read.Points.Select(p => (ModbusPoint)p.Address).OrderBy(p => p.Address))
        {
            Assert.True(at.Address - end <= most, $"{read}: {at.Address - end} unused registers before {at}");
            end = Math.Max(end, at.End);
        }

        Assert.Equal(read.Address + read.Count, end);
    }
}
