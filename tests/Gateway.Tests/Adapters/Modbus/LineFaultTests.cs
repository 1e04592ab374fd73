using Gateway.Adapters.Modbus;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>What devices do wrong, on every transport on which they can: no wrong value is ever good, and the next request succeeds.</summary>
public sealed class LineFaultTests
{
    public static TheoryData<Transport, FaultKind, string> Faults()
    {
        const string Timeout = "timeout";
        const string Invalid = "invalid response";
        var data = new TheoryData<Transport, FaultKind, string>();
        foreach (var transport in Enum.GetValues<Transport>())
        {
            data.Add(transport, FaultKind.Late, Timeout);
            data.Add(transport, FaultKind.Silence, Timeout);
            data.Add(transport, FaultKind.WrongUnit, Invalid);
            data.Add(transport, FaultKind.WrongFunction, Invalid);
            data.Add(transport, FaultKind.WrongByteCount, Invalid);
            data.Add(transport, FaultKind.Exception, "device failure");

            // On a serial line a pause tells that a frame will not be whole, long before the deadline.
            data.Add(transport, FaultKind.Half, transport == Transport.Rtu ? Invalid : Timeout);
            if (transport != Transport.Udp)
            {
                data.Add(transport, FaultKind.Dribble, transport == Transport.Rtu ? Invalid : Timeout);
            }

            if (ThreeReads.IsMbap(transport))
            {
                data.Add(transport, FaultKind.WrongTransaction, Timeout);
            }
            else
            {
                // A whole ASCII frame shows its end; an RTU frame shows only that what came is not it.
                data.Add(transport, FaultKind.WrongChecksum, transport == Transport.RtuOverTcp ? Timeout : Invalid);
            }
        }

        data.Add(Transport.Udp, FaultKind.WrongLength, Timeout);
        data.Add(Transport.Udp, FaultKind.WrongProtocol, Timeout);
        return data;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Read_Fault_IsBadAndTheNextRequestSucceeds(Transport transport, FaultKind kind, string error)
    {
        await using var line = ThreeReads.Line(transport);
        line.Start(ThreeReads.Deadline);
        await line.Sink.GoodAsync("i");
        await ThreeReads.FaultAsync(line, new(kind, kind == FaultKind.Dribble ? ThreeReads.Deadline / 3 : ThreeReads.TooLate, ExceptionCode.ServerDeviceFailure, Length: 65535), error);
        var mark = line.Sink.Mark;
        await line.Sink.GoodAsync("h", mark);
        await line.Sink.GoodAsync("j", mark);
        ThreeReads.AssertNothingWrongIsGood(line);
    }
}
