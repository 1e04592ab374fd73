using Gateway.Bridge;
using Gateway.Mqtt;

namespace Gateway.Verification;

/// <summary>Follows the rules for backends: counts what came by its identity, joins the gaps, compares with the ledgers. Not thread-safe.</summary>
/// <param name="topics">Which topics carry gaps and ledgers.</param>
internal sealed class IdentityAudit(ReportTopics topics)
{
    /// <summary>1,024 streams and epochs are followed at a time: with 100 KB of ranges each and one budget for contents, that is 130 MiB if all of them are hostile.</summary>
    public const int MostStreams = 1_024;

    private readonly SortedDictionary<StreamKey, StreamAudit> _streams = [];
    private readonly DropReasons _reasons = new();
    private readonly ContentBudget _budget = new();

    public IdentityAudit()
        : this(ReportTopics.Default)
    {
    }

    /// <summary>Every stream is judged from number 1: we listened before the gateway had begun.</summary>
    public bool FromStart { get; init; }

    /// <summary>Ids of the gateways that are judged; empty: all.</summary>
    public IReadOnlyCollection<string> Only { get; init; } = [];

    public IEnumerable<KeyValuePair<StreamKey, StreamAudit>> Streams => _streams;

    public ulong Received => Sum(static s => s.Received);

    public ulong Duplicates => Sum(static s => s.Duplicates);

    public ulong Conflicts => Sum(static s => s.Conflicts);

    public ulong OutOfOrder => Sum(static s => s.OutOfOrder);

    public ulong Missing => Sum(static s => s.Missing);

    public ulong Dropped => Sum(static s => s.Dropped);

    public ulong Open => Sum(static s => s.Open);

    /// <summary>Identities, gaps and ledgers that cannot be any.</summary>
    public ulong Malformed { get; private set; }

    /// <summary>Messages of streams beyond <see cref="MostStreams"/>.</summary>
    public ulong NotFollowed { get; private set; }

    /// <summary>Whether at least one gateway has told where it stands while we listened, and nothing is open.</summary>
    /// <remarks>Streams of which only an old ledger is known count as long as nothing came of them.</remarks>
    public bool IsSettled => Open == 0 && _streams.Values.Any(static s => s.HasLiveLedger)
        && _streams.All(static s => s.Key.IsOrigin || s.Value.HasLiveLedger || s.Value.IsReplaced || s.Value.Received == 0);

    /// <summary>Takes in whatever came: a message with an identity, a gap, a ledger; anything else is no business of the audit.</summary>
    /// <param name="message">As it came.</param>
    /// <param name="replayed">The broker had kept it (RETAIN, without Retain As Published): it is from before, and is counted only as far as it tells where a gateway stands.</param>
    public void See(MqttMessage message, bool replayed = false)
    {
        var identity = message.Properties.User(GatewayIdentity.Property);
        var origin = message.Properties.User(GatewayIdentity.OriginProperty);
        var isInPayload = identity is null && PayloadIdentity.TryRead(message.Payload.Span, out identity, out origin);
        if (!replayed)
        {
            See(identity, message, isOrigin: false, isInPayload);
            See(origin, message, isOrigin: true, isInPayload);
        }

        if (!message.Payload.IsEmpty && topics.Match(message.Topic) is { } report && IsWanted(report.Gateway))
        {
            // Whoever reports sends without an identity; what has one was forwarded by another gateway.
            var isOrigin = identity is not null || message.Properties.User(GatewayIdentity.PathProperty) is not null;
            if (report.Stream is { } stream)
            {
                Compare(report.Gateway, stream, message.Payload, isOrigin, live: !replayed);
            }
            else if (!replayed)
            {
                Drop(report.Gateway, message.Payload, isOrigin);
            }
        }
    }

    /// <summary>The broker forgot us for a while: whatever passed meanwhile is not held against anybody.</summary>
    public void Interrupt()
    {
        foreach (var stream in _streams.Values)
        {
            stream.Interrupt();
        }
    }

    private void See(string? text, MqttMessage message, bool isOrigin, bool isInPayload)
    {
        if (text is null)
        {
            return;
        }

        if (!MessageIdentity.TryParse(text, out var identity))
        {
            Malformed++;
        }
        else if (IsWanted(identity.Gateway) && Follow(new StreamKey(identity.Gateway, identity.Stream, identity.Epoch, isOrigin)) is { } stream)
        {
            if (identity.PreviousEpoch is { } previous)
            {
                Succeed(new StreamKey(identity.Gateway, identity.Stream, previous, isOrigin), identity.Epoch, stream);
            }

            // What another gateway forwarded it may have renamed; and every hop writes its own identity into the payload, if it stands there.
            var payload = isOrigin && isInPayload ? [] : message.Payload.Span;
            stream.See(identity.Seq, ContentWindow.Of(isOrigin ? null : message.Topic, payload));
        }
    }

    private void Drop(string gateway, ReadOnlyMemory<byte> payload, bool isOrigin)
    {
        if (ToldGap.Parse(payload) is not { } gap)
        {
            Malformed++;
        }
        else
        {
            Follow(new StreamKey(gateway, gap.Stream, gap.Epoch, isOrigin))?.Drop(gap.From, gap.To, gap.Reason);
        }
    }

    private void Compare(string gateway, string name, ReadOnlyMemory<byte> payload, bool isOrigin, bool live)
    {
        if (ToldLedger.Parse(payload) is not { } ledger)
        {
            Malformed++;
        }
        else if (Follow(new StreamKey(gateway, name, ledger.Epoch, isOrigin)) is { } stream)
        {
            // A forwarded one may have been overtaken on its way: it does not say where we joined.
            live &= !isOrigin;
            foreach (var (before, after) in ledger.Previous.Zip([ledger, .. ledger.Previous]).Reverse())
            {
                CompareBefore(new StreamKey(gateway, name, before.Epoch, isOrigin), before, after.Epoch, live);
            }

            stream.Compare(ledger, live);
        }
    }

    /// <summary>The books of an epoch that another followed. One that we know nothing of, and of which nothing can come any more, is no concern of ours.</summary>
    private void CompareBefore(StreamKey key, ToldLedger books, ulong next, bool live)
    {
        if (key.Epoch != next && (_streams.ContainsKey(key) || FromStart || (live && books.Oldest < books.Next))
            && Follow(key) is { } stream && Follow(key with { Epoch = next }) is { } following)
        {
            Succeed(key, next, following);
            stream.Compare(books, live);
        }
    }

    /// <summary>An epoch followed another. If we listened to that one, the new one is judged from its first number.</summary>
    private void Succeed(StreamKey before, ulong epoch, StreamAudit stream)
    {
        stream.Predecessor = before.Epoch;
        if (before.Epoch != epoch && _streams.TryGetValue(before, out var last))
        {
            last.Successor = epoch;
            if (last.Begin is not null)
            {
                stream.BeginAt(1);
            }
        }
    }

    private StreamAudit? Follow(StreamKey key)
    {
        if (_streams.TryGetValue(key, out var stream))
        {
            return stream;
        }

        if (_streams.Count >= MostStreams)
        {
            NotFollowed++;
            return null;
        }

        _streams.Add(key, stream = new StreamAudit(_reasons, _budget));
        if (FromStart)
        {
            stream.BeginAt(1);
        }

        return stream;
    }

    private bool IsWanted(string gateway) => Only.Count == 0 || Only.Contains(gateway);

    private ulong Sum(Func<StreamAudit, ulong> figure) => _streams.Values.Aggregate(0UL, (sum, stream) => Saturating.Add(sum, figure(stream)));
}
