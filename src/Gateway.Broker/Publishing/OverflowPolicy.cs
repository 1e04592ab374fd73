using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>What happens to sessions whose queues are too full: a slow consumer costs only itself.</summary>
internal sealed class OverflowPolicy(SessionRegistry sessions, MemoryBudget budget, ILogger logger)
{
    private readonly Lock _shedding = new();

    /// <summary>A queue that overflowed with acknowledged messages: its client is disconnected. Each is told once, until a client attaches again.</summary>
    public void Apply(Session session, EnqueueResult result)
    {
        if (result == EnqueueResult.Overflow)
        {
            Disconnect(session);
        }
        else if (result == EnqueueResult.Dropped && session.BeginsToOverflow())
        {
            SessionLog.Misses(logger, LogName.Of(session.ClientId));
        }
    }

    /// <summary>While all queues together are over the budget, the heaviest is shed.</summary>
    public void Shed()
    {
        if (!budget.IsExceeded || !_shedding.TryEnter())
        {
            return;
        }

        try
        {
            while (budget.Used > budget.LowMark && sessions.Heaviest() is { Queue.Bytes: > 0 } heaviest)
            {
                if (heaviest.BeginsToOverflow())
                {
                    SessionLog.Shed(logger, LogName.Of(heaviest.ClientId), budget.Limit);
                }

                var before = heaviest.Queue.Bytes;
                if (heaviest.Queue.Shed())
                {
                    Disconnect(heaviest);
                }

                if (heaviest.Queue.Bytes >= before)
                {
                    // All of it is in flight: it is bounded, and goes with the acknowledgements.
                    break;
                }
            }
        }
        finally
        {
            _shedding.Exit();
        }
    }

    private void Disconnect(Session session)
    {
        if (sessions.ConnectionOf(session) is { } connection)
        {
            if (session.BeginsToOverflow())
            {
                SessionLog.TooSlow(logger, LogName.Of(session.ClientId));
            }

            connection.Close(ReasonCode.QuotaExceeded);
        }
        else if (session.BeginsToOverflow())
        {
            SessionLog.Overflows(logger, LogName.Of(session.ClientId));
        }
    }
}
