using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Tells upstream which ranges of one stream will never arrive, and forgets those that it has confirmed.</summary>
/// <remarks>On one connection no number is told twice, unless upstream asks for it: what grows together with a range that is under way is told by itself.</remarks>
internal sealed class GapTeller(IOutboxStream stream, SenderContext context)
{
    /// <summary>Gaps that upstream will not hear are kept for one that does, but not without end.</summary>
    private const int MostKept = 512;

    /// <summary>Told on this connection, under way or refused.</summary>
    private readonly List<Gap> _told = [];
    private readonly Dictionary<long, Gap> _inflight = [];
    private long _place;

    /// <summary>No gap that is to be told begins before this number.</summary>
    private ulong _first;

    /// <summary>Whether there may be something to tell before this number is sent.</summary>
    public bool IsDue(ulong before) => before > _first;

    public void Look() => _first = 0;

    /// <summary>A new connection: what was not confirmed is told again.</summary>
    public void Begin()
    {
        _told.Clear();
        _inflight.Clear();
        Look();
    }

    /// <summary>Publishes the gaps before this entry. Those further on may still grow together.</summary>
    /// <returns>false: the window is full.</returns>
    public bool Send(MqttClient client, ulong before)
    {
        _first = ulong.MaxValue;
        foreach (var whole in stream.Gaps)
        {
            if (stream.PositionOf(whole) is var position && position >= before)
            {
                _first = Math.Min(_first, whole.From);
                continue;
            }

            foreach (var gap in Untold(whole))
            {
                var message = new MqttMessage { Topic = context.Topics.Gaps, Payload = StreamReports.Gap(stream.Id, gap) };
                var token = new AnswerToken(stream.Id.Lane, AnswerKind.Gap, _place).Packed;
                var status = client.TryPublish(message, QualityOfService.AtLeastOnce, retain: false, expiry: null, token);
                if (status is SendStatus.Full or SendStatus.Closed)
                {
                    Look();
                    return false;
                }

                _told.Add(gap);
                if (status == SendStatus.Sent)
                {
                    _inflight[_place++] = gap;
                }
                else
                {
                    Refused(gap, Verdicts.Explain(status));
                }
            }
        }

        return true;
    }

    /// <summary>Upstream answered.</summary>
    /// <returns>false: it must be told again later.</returns>
    public bool Answer(long place, ReasonCode reason)
    {
        if (!_inflight.Remove(place, out var gap))
        {
            return true;
        }

        switch (Verdicts.Of(reason))
        {
            case Verdict.Done:
                stream.Forget(gap);
                _told.Remove(gap);
                context.Metrics.GapTold(context.Bridge, gap.Reason);
                BridgeLog.GapTold(context.Logger, stream.Id, gap.From, gap.To, gap.Reason.Name());
                return true;
            case Verdict.Never:
                Refused(gap, $"upstream refuses them with 0x{(byte)reason:X2} {reason}");
                return true;
            default:
                _told.Remove(gap);
                Look();
                return false;
        }
    }

    /// <summary>What of the gap was not told yet on this connection.</summary>
    private IEnumerable<Gap> Untold(Gap gap)
    {
        var from = gap.From;
        foreach (var told in _told.Where(t => t.Epoch == gap.Epoch && t.To >= gap.From && t.From <= gap.To).OrderBy(static t => t.From).ToList())
        {
            if (told.From > from)
            {
                yield return gap with { From = from, To = told.From - 1 };
            }

            from = Math.Max(from, told.To + 1);
        }

        if (from <= gap.To)
        {
            yield return gap with { From = from };
        }
    }

    private void Refused(Gap gap, string why)
    {
        context.Alerts.Raise("refused", context.Topics.Gaps, $"gaps cannot be told on {context.Topics.Gaps}: {why}", "allow this client to publish there at QoS 1");
        if (stream.Gaps.Count > MostKept)
        {
            stream.Forget(gap);
        }
    }
}
