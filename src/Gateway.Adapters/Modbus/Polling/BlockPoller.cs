namespace Gateway.Adapters.Modbus;

/// <summary>Decides what the answer to a poll means for its block, its unit and the line.</summary>
internal sealed class BlockPoller(
    ModbusMaster master, PollSchedule schedule, HoleFinder holes, PresenceBoard presence, LineKeeper line, LineLoad load, BlockReporter reporter, ModbusMetrics metrics,
    TimeProvider time)
{
    /// <summary>3: a device that is busy for longer than the sum of the pauses is not merely busy.</summary>
    public const int BusyRetries = 3;

    /// <summary>50 ms, doubling: the line belongs to others meanwhile.</summary>
    public static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(50);

    private const string NotConnected = "not connected";

    private readonly long _busyPause = Ticks.Of(time, BusyPause);

    /// <summary>Reports a block that need not be asked, because what would come is known.</summary>
    /// <returns>false: ask the device, then <see cref="Conclude"/>.</returns>
    public bool TryReportUnasked(PollBlock block, bool isUp, long now)
    {
        var breaker = block.Device.Unit.Breaker;
        var reason = !isUp ? line.Fault?.Reason ?? NotConnected
            : !breaker.MayAsk(now) ? breaker.Reason ?? NotConnected
            : HoleFinder.IsKnown(block, now, out var refusal) ? refusal
            : null;
        if (reason is null)
        {
            metrics.Polled(time.GetElapsedTime(block.Due, now));
            return false;
        }

        LineLoad.Unasked(block);
        Report(block, reason);
        return true;
    }

    /// <summary>Acts on how the block's read ended.</summary>
    /// <param name="block">The block.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="asked">Timestamp from which on it held the line.</param>
    public void Conclude(PollBlock block, in TransactionResult result, long asked)
    {
        var unit = block.Device.Unit;
        var now = time.GetTimestamp();
        load.Polled(block, now - asked, result.UnitAnswered);
        if (result.IsOk)
        {
            line.Carried();
            presence.Answered(unit);
            reporter.Good(block, master.Values[..block.Read.Bytes], time.GetUtcNow());
            holes.Answered(block);
            Finish(block);
            return;
        }

        if (result.UnitAnswered)
        {
            line.Carried();
            presence.Answered(unit);
            Refused(block, result, now);
        }
        else if (result.Status == TransactionStatus.Closed)
        {
            Lost(block, result, now);
        }
        else
        {
            presence.Unanswered(unit, result.Reason, result.Remedy, now);
            Report(block, result.Reason);
        }
    }

    private void Refused(PollBlock block, in TransactionResult result, long now)
    {
        switch (result.Exception)
        {
            case ExceptionCode.Acknowledge or ExceptionCode.ServerDeviceBusy when block.Busy < BusyRetries:
                Again(block, now + (_busyPause << block.Busy++));
                break;
            case ExceptionCode.IllegalDataAddress or ExceptionCode.IllegalDataValue when holes.Refused(block, now, result.Reason):
                // Its parts are due in its place.
                block.Device.Ready--;
                break;
            default:
                Report(block, result.Reason);
                break;
        }
    }

    /// <summary>Devices close connections that were idle for them, and that shows at the next request only: reading once more on a new one is harmless.</summary>
    private void Lost(PollBlock block, in TransactionResult result, long now)
    {
        if (block.IsRepeated)
        {
            var fault = master.Fault;
            presence.Unanswered(block.Device.Unit, fault?.Reason ?? result.Reason, fault?.Remedy ?? result.Remedy, now);
            Report(block, fault?.Reason ?? result.Reason);
        }
        else
        {
            block.IsRepeated = true;
            Again(block, now);
        }
    }

    private void Again(PollBlock block, long at)
    {
        schedule.Again(block, at);
        reporter.EndOfBlock(block.Device);
    }

    private void Report(PollBlock block, string error)
    {
        reporter.Bad(block, error, time.GetUtcNow());
        Finish(block);
    }

    private void Finish(PollBlock block)
    {
        block.Busy = 0;
        block.IsRepeated = false;
        var missed = schedule.Done(block, time.GetTimestamp(), load.Stretch);
        if (missed > 0)
        {
            metrics.Missed(missed);
        }

        reporter.EndOfBlock(block.Device);
    }
}
