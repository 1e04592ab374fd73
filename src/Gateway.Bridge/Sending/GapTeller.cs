using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Tells upstream which ranges of one stream will never arrive, and forgets those that it has confirmed.</summary>
internal sealed class GapTeller(IOutboxStream stream, SenderContext context)
{
    private readonly HashSet<(ulong Epoch, ulong From, ulong To)> _told = [];
    private readonly Dictionary<long, Gap> _inflight = [];
    private long _place;

    /// <summary>Something may be there to tell.</summary>
    public bool IsDue { get; private set; } = true;

    public void Look() => IsDue = true;

    /// <summary>A new connection: what was not confirmed is told again.</summary>
    public void Begin()
    {
        _told.Clear();
        _inflight.Clear();
        IsDue = true;
    }

    /// <summary>Publishes the gaps before this entry. Those further on may still grow together.</summary>
    /// <returns>false: the window is full.</returns>
    public bool Send(MqttClient client, ulong before)
    {
        IsDue = false;
        var entry = stream.Identify(before);
        foreach (var gap in stream.Gaps)
        {
            if ((gap.Epoch == entry.Epoch && gap.From >= entry.Number) || _told.Contains(Key(gap)))
            {
                continue;
            }

            var message = new MqttMessage { Topic = context.Topics.Gaps, Payload = StreamReports.Gap(stream.Id, gap) };
            var token = new AnswerToken(stream.Id.Lane, AnswerKind.Gap, _place).Packed;
            var status = client.TryPublish(message, QualityOfService.AtLeastOnce, retain: false, expiry: null, token);
            if (status is SendStatus.Full or SendStatus.Closed)
            {
                IsDue = true;
                return false;
            }

            _told.Add(Key(gap));
            if (status == SendStatus.Sent)
            {
                _inflight[_place++] = gap;
            }
            else
            {
                Refused(Verdicts.Explain(status));
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
                context.Metrics.GapTold(context.Bridge, gap.Reason);
                BridgeLog.GapTold(context.Logger, stream.Id, gap.From, gap.To, gap.Reason.Name());
                return true;
            case Verdict.Never:
                Refused($"upstream refuses them with 0x{(byte)reason:X2} {reason}");
                return true;
            default:
                _told.Remove(Key(gap));
                IsDue = true;
                return false;
        }
    }

    private void Refused(string why) => context.Alerts.Raise(
        "refused", context.Topics.Gaps, $"gaps cannot be told on {context.Topics.Gaps}: {why}", "allow this client to publish there at QoS 1");

    private static (ulong Epoch, ulong From, ulong To) Key(Gap gap) => (gap.Epoch, gap.From, gap.To);
}
