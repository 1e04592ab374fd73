using Gateway.Adapters.Modbus;
using Gateway.Configuration;
using Gateway.Simulators;

namespace Gateway.Cli;

/// <summary>A way in which a simulated device may answer wrongly.</summary>
/// <param name="Word">As it is written.</param>
/// <param name="Meaning">For people: <c>does not answer</c>.</param>
/// <param name="Fault">What the simulator does.</param>
/// <param name="Lines">Where it can happen.</param>
internal sealed record FaultWord(string Word, string Meaning, Fault Fault, FaultLines Lines = FaultLines.All)
{
    /// <summary>Whether a link of this type can go wrong in this way.</summary>
    public bool CanHappenOn(ModbusLinkOptions link) => (Lines & Of(link)) != 0;

    private static FaultLines Of(ModbusLinkOptions link) => link switch
    {
        ModbusSerialOptions => FaultLines.Terminal,
        { IsSerialLine: true } => FaultLines.DeviceServer,
        ModbusUdpOptions => FaultLines.Datagrams,
        _ => FaultLines.Connection,
    };
}

/// <summary>What carries the answers.</summary>
[Flags]
internal enum FaultLines
{
    Terminal = 1,
    DeviceServer = 2,
    Datagrams = 4,
    Connection = 8,
    Serial = Terminal | DeviceServer,
    Network = Datagrams | Connection,
    Connected = DeviceServer | Connection,
    Streams = Serial | Connection,
    All = Serial | Network,
}

/// <summary>What <c>simulate --faults</c> knows.</summary>
internal static class FaultWords
{
    /// <summary>Longer than any sensible timeout of a line.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    /// <summary>Between two bytes.</summary>
    public static readonly TimeSpan Dribble = TimeSpan.FromMilliseconds(100);

    public static IReadOnlyList<FaultWord> All { get; } =
    [
        new("late", "answers after 2s", new(FaultKind.Late, Late)),
        new("silent", "does not answer", new(FaultKind.Silence)),
        new("exception", "says that it failed (exception 4)", new(FaultKind.Exception, Exception: ExceptionCode.ServerDeviceFailure)),
        new("busy", "says that it is busy (exception 6)", new(FaultKind.Exception, Exception: ExceptionCode.ServerDeviceBusy)),
        new("half", "stops in the middle of an answer", new(FaultKind.Half)),
        new("half-close", "stops in the middle of an answer and closes (TCP)", new(FaultKind.HalfAndClose), FaultLines.Connected),
        new("dribble", "sends a byte every 100ms (not UDP)", new(FaultKind.Dribble, Dribble), FaultLines.Streams),
        new("close", "closes the connection (TCP)", new(FaultKind.Close), FaultLines.Connected),
        new("stranger", "lets somebody else's answer go first", new(FaultKind.StrangerFirst)),
        new("twice", "answers twice", new(FaultKind.Repeated)),
        new("unit", "answers for another unit", new(FaultKind.WrongUnit)),
        new("function", "answers another function", new(FaultKind.WrongFunction)),
        new("byte-count", "says another number of bytes than it sends", new(FaultKind.WrongByteCount)),
        new("transaction", "answers under another transaction (not serial lines)", new(FaultKind.WrongTransaction), FaultLines.Network),
        new("length", "says that the frame has 65535 bytes (not serial lines)", new(FaultKind.WrongLength, Length: ushort.MaxValue), FaultLines.Network),
        new("protocol", "says that it is not Modbus (not serial lines)", new(FaultKind.WrongProtocol), FaultLines.Network),
        new("foreign", "somebody else sends another value first (UDP)", new(FaultKind.ForeignFirst), FaultLines.Datagrams),
        new("noise", "sends noise before an answer (serial lines)", new(FaultKind.LeadingNoise), FaultLines.Serial),
        new("checksum", "sends a wrong checksum (serial lines)", new(FaultKind.WrongChecksum), FaultLines.Serial),
    ];

    /// <summary>One of the words in a file.</summary>
    public static Kind<FaultWord> Kind { get; } = Kinds.Choice([.. All.Select(static w => (w.Word, w))]);

    /// <summary>For <c>--help</c>.</summary>
    public static IEnumerable<string> Lesson => All.Select(static w => $"  {w.Word,-12} {w.Meaning}");

    /// <param name="text">Words with commas between them.</param>
    /// <param name="problem">What is wrong and what to write instead; null: nothing is.</param>
    public static IReadOnlyList<FaultWord> Parse(string text, out string? problem)
    {
        problem = null;
        var words = new List<FaultWord>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (All.FirstOrDefault(w => w.Word == part) is { } word)
            {
                words.Add(word);
            }
            else
            {
                var nearest = NearestKey.Of(part, All.Select(static w => w.Word));
                problem = $"--faults {part}: {(nearest is null ? $"there are {string.Join(", ", All.Select(static w => w.Word))}; or name a file" : $"write {nearest}, or the path of a file")}";
            }
        }

        return words;
    }
}
