using System.Globalization;
using System.Text;
using Gateway.Mqtt;

namespace Gateway.Tests.Verification;

/// <summary>A stream as a gateway may send it over a bad line, and the truth about it.</summary>
internal sealed class SimulatedStream
{
    private static readonly string[] s_reasons = ["size", "age", "expired", "superseded", "refused"];

    private readonly Random _random;
    private readonly string _gateway;
    private readonly ulong _epoch;
    private readonly ulong? _previous;

    public SimulatedStream(Random random, string gateway, ulong epoch, ulong? previous)
    {
        (_random, _gateway, _epoch, _previous) = (random, gateway, epoch, previous);
        var next = 1UL + (ulong)random.Next(1, 120);
        var oldest = 1UL + (ulong)random.NextInt64((long)next);
        for (var seq = 1UL; seq < next;)
        {
            seq = seq >= oldest ? Wait(seq) : random.Next(10) switch
            {
                < 6 => Deliver(seq),
                < 8 => Drop(seq, Math.Min(oldest - 1, seq + (ulong)random.Next(6))),
                _ => Lose(seq),
            };
        }

        for (var i = 0; i < Messages.Count; i++)
        {
            if (random.Next(5) == 0)
            {
                Repeat(i, random.Next(i, Messages.Count));
            }
            else if (random.Next(8) == 0)
            {
                Swap(i, Math.Min(Messages.Count - 1, i + random.Next(5)));
            }
        }

        // What it says at its end stands behind everything else, whatever it said before.
        for (var i = random.Next(3); i > 0; i--)
        {
            var then = 1UL + (ulong)random.NextInt64((long)oldest);
            Messages.Insert(random.Next(Messages.Count + 1), Ledger(then, then + (ulong)random.NextInt64((long)(next - then + 1))));
        }

        Messages.Add(Ledger(oldest, next));
        OutOfOrder = CountOutOfOrder();
    }

    public List<MqttMessage> Messages { get; } = [];

    public ulong Received { get; private set; }

    public ulong Missing { get; private set; }

    public ulong Open { get; private set; }

    public ulong Duplicates { get; private set; }

    public ulong OutOfOrder { get; }

    public SortedDictionary<string, ulong> DroppedBy { get; } = [];

    private ulong Deliver(ulong seq)
    {
        Received++;
        Messages.Add(Message(seq));
        return seq + 1;
    }

    /// <summary>Told at once, in two halves, or first a part and then the whole.</summary>
    private ulong Drop(ulong from, ulong to)
    {
        var reason = s_reasons[_random.Next(s_reasons.Length)];
        DroppedBy[reason] = DroppedBy.GetValueOrDefault(reason) + (to - from + 1);
        var middle = from + (ulong)_random.NextInt64((long)(to - from + 1));
        switch (_random.Next(3))
        {
            case 0 when middle < to:
                Messages.Add(Gap(from, middle, reason));
                Messages.Add(Gap(middle + 1, to, reason));
                break;
            case 1:
                Messages.Add(Gap(from, middle, reason));
                Messages.Add(Gap(from, to, reason));
                break;
            default:
                Messages.Add(Gap(from, to, reason));
                break;
        }

        return to + 1;
    }

    private ulong Lose(ulong seq)
    {
        Missing++;
        return seq + 1;
    }

    /// <summary>The gateway still has it; it may be here all the same, and not acknowledged.</summary>
    private ulong Wait(ulong seq)
    {
        if (_random.Next(3) == 0)
        {
            return Deliver(seq);
        }

        Open++;
        return seq + 1;
    }

    private void Repeat(int from, int to)
    {
        Duplicates += Messages[from].Properties.User("gw") is null ? 0UL : 1UL;
        Messages.Insert(to + 1, Messages[from]);
    }

    private void Swap(int a, int b) => (Messages[a], Messages[b]) = (Messages[b], Messages[a]);

    private ulong CountOutOfOrder()
    {
        var seen = new HashSet<ulong>();
        return (ulong)Messages.Select(m => m.Properties.User("gw")).OfType<string>()
            .Select(gw => ulong.Parse(gw.Split(';')[3], CultureInfo.InvariantCulture))
            .Count(seq => seen.Add(seq) && seen.Any(other => other > seq));
    }

    private MqttMessage Message(ulong seq) => new()
    {
        Topic = "edge/d/telemetry/p",
        Payload = Encoding.UTF8.GetBytes($"{_epoch}-{seq}"),
        Properties = new MessageProperties
        {
            UserProperties = [new("gw", string.Create(CultureInfo.InvariantCulture, $"{_gateway};cloud.telemetry;{_epoch:x16};{seq}{(seq == 1 && _previous is { } p ? $";{p:x16}" : "")}"))],
        },
    };

    private MqttMessage Gap(ulong from, ulong to, string reason) => new()
    {
        Topic = $"edge/gateways/{_gateway}/gaps",
        Payload = Encoding.UTF8.GetBytes($$"""{"stream":"cloud.telemetry","epoch":"{{_epoch:x16}}","from":{{from}},"to":{{to}},"reason":"{{reason}}","first":1,"last":2}"""),
    };

    private MqttMessage Ledger(ulong oldest, ulong next) => new()
    {
        Topic = $"edge/gateways/{_gateway}/streams/cloud.telemetry",
        Payload = Encoding.UTF8.GetBytes($$"""{"epoch":"{{_epoch:x16}}","oldest":{{oldest}},"next":{{next}},"acked":0,"dropped":0,"ts":1}"""),
    };
}
