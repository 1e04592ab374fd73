using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>What else is on the line beside the response, and lines that end.</summary>
public sealed class LineNoiseTests
{
    public static TheoryData<Transport, FaultKind> Companions()
    {
        var data = new TheoryData<Transport, FaultKind>();
        foreach (var transport in Enum.GetValues<Transport>())
        {
            data.Add(transport, FaultKind.StrangerFirst);
            data.Add(transport, ThreeReads.IsMbap(transport) ? FaultKind.Repeated : FaultKind.LeadingNoise);
        }

        data.Add(Transport.Udp, FaultKind.ForeignFirst);
        return data;
    }

    [Theory]
    [MemberData(nameof(Companions))]
    public async Task Read_SomethingElseBesideEachResponse_IsPassedOver(Transport transport, FaultKind kind)
    {
        await using var line = ThreeReads.Line(transport);
        line.Faults.Always(1, new(kind));
        line.Start(ThreeReads.Patient);
        await line.Sink.UntilAsync(() => line.Sink.Readings.Count(r => r.Quality == Quality.Good) > 20);
        Assert.DoesNotContain(line.Sink.Readings, r => r.Quality != Quality.Good);
        ThreeReads.AssertNothingWrongIsGood(line);
    }

    public static TheoryData<Transport, FaultKind, ushort> Endings()
    {
        var data = new TheoryData<Transport, FaultKind, ushort>();
        foreach (var transport in Enum.GetValues<Transport>().Where(t => t is not (Transport.Udp or Transport.Rtu or Transport.Ascii)))
        {
            data.Add(transport, FaultKind.Close, 0);
            data.Add(transport, FaultKind.HalfAndClose, 0);
            if (ThreeReads.IsMbap(transport))
            {
                data.Add(transport, FaultKind.WrongProtocol, 0);
                foreach (var length in (ushort[])[0, 1, 255, 65535])
                {
                    data.Add(transport, FaultKind.WrongLength, length);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Read_ClosedOrNotModbus_ReconnectsAtOnceAndReadsAgain(Transport transport, FaultKind kind, ushort length)
    {
        await using var line = ThreeReads.Line(transport);
        line.Start(ThreeReads.Patient);
        await line.Sink.GoodAsync("i");
        line.Faults.Next(new Fault(kind, Length: length));
        await line.Sink.UntilAsync(() => line.Accepted == 2);
        var mark = line.Sink.Mark;
        await line.Sink.GoodAsync("h", mark);
        await line.Sink.GoodAsync("j", mark);
        Assert.All(line.Sink.Readings, static r => Assert.Equal(Quality.Good, r.Quality));
        ThreeReads.AssertNothingWrongIsGood(line);
    }
}
