using Gateway.Adapters.Modbus;
using Gateway.Configuration;
using Gateway.Simulators;

namespace Gateway.Cli;

/// <summary>The keys of a fault plan's file.</summary>
internal static class FaultTable
{
    private static readonly Kind<TimeSpan> s_time = Kinds.Duration(TimeSpan.Zero, TimeSpan.FromDays(1));
    private static readonly Kind<TimeSpan> s_span = Kinds.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
    private static readonly Kind<TimeSpan> s_delay = Kinds.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));

    /// <param name="configuration">Whose links and devices are meant; null: only described.</param>
    public static Kind<FaultScript> Kind(GatewayConfiguration? configuration)
    {
        var rule = new Table<ScriptedFault>("what goes wrong", "{ kinds: silent, share: 5% }", map => ReadRule(map, configuration));
        return new Table<FaultScript>(
            "a fault plan", "faults: [{ kinds: silent, share: 5% }]",
            map => new(map.Required("faults", Kinds.List(rule, min: 1), "What goes wrong; where several hit the same request, the first one counts.")));
    }

    private static ScriptedFault ReadRule(MapReader map, GatewayConfiguration? configuration)
    {
        var link = map.Maybe("link", Kinds.Id, "all links", "A link of the configuration.");
        var device = map.Maybe("device", Kinds.Id, "all devices", "A device of the configuration, instead of a link and a unit.");
        var unit = map.Maybe("unit", Kinds.Integer(0, 255, "17"), "all units", "Unit identifier: only what is asked of this unit goes wrong.");
        var words = map.Required("kinds", Kinds.OneOrMore(FaultWords.Kind), "How it goes wrong, one word or a list; edge-gateway simulate --help lists them.");
        var share = map.Maybe("share", ShareKind.Instance, "all of them", "How many of the requests, by chance.");
        var nth = map.Maybe("every-nth", Kinds.Integer(2, 1_000_000, "10"), "all of them", "Each so-and-so-many-th of the requests instead, counted; several kinds take turns.");
        var from = map.Optional("from", s_time, TimeSpan.Zero, "When it begins, since the start of the simulation.");
        var until = map.Maybe("until", s_span, "never", "When it ends, since the start of the simulation.");
        var repeat = map.Maybe("repeat", s_span, "it comes once", "The window from and until comes again after so long, counted from the start.");
        var delay = map.Maybe("delay", s_delay, $"{s_delay.Write(FaultWords.Late)} late, {s_delay.Write(FaultWords.Dribble)} between dribbling bytes", "With late and dribble: by how much.");
        var code = map.Maybe("exception", Kinds.Integer(1, 255, "2"), "4 (device failure)", "With exception: which one.");
        if (share is not null && nth is not null)
        {
            map.Wrong("every-nth", "share and every-nth exclude each other", "write one of them");
        }

        CheckWindow(map, from, until, repeat);
        CheckExtras(map, words, delay, code);
        if (configuration is not null)
        {
            (link, unit) = FaultPlaces.Check(map, configuration, link, device, unit, words);
        }

        var rule = new FaultRule([]) { Unit = (byte?)unit, Share = share ?? 1, EveryNth = nth ?? 1, From = from, Until = until, Repeat = repeat };
        return new(link, words, rule, delay, (ExceptionCode?)code);
    }

    private static void CheckWindow(MapReader map, TimeSpan from, TimeSpan? until, TimeSpan? repeat)
    {
        if (until <= from)
        {
            map.Wrong("until", $"it ends at {s_span.Write(until.Value)}, before it begins", $"write more than {s_time.Write(from)}: both count from the start of the simulation");
        }

        if (repeat is not null && until is null)
        {
            map.Wrong("repeat", "a window that never ends cannot come again", "add until, or remove repeat");
        }
        else if (repeat < until)
        {
            map.Wrong("repeat", $"it would come again after {s_span.Write(repeat.Value)}, before it has ended", $"write {s_span.Write(until.Value)} or more");
        }
    }

    private static void CheckExtras(MapReader map, IReadOnlyList<FaultWord> words, TimeSpan? delay, int? code)
    {
        if (delay is not null && !words.Any(static w => w.Fault.Delay > TimeSpan.Zero))
        {
            map.Wrong("delay", "nothing is delayed here", "write kinds: late (or dribble), or remove delay");
        }

        if (code is not null && !words.Any(static w => w.Word == "exception"))
        {
            map.Wrong("exception", "nobody refuses anything here", "write kinds: exception, or remove the key");
        }
    }
}
