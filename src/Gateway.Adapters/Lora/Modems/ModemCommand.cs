using System.Text;

namespace Gateway.Adapters.Lora;

/// <summary>What a line means to a command that waits for its answer.</summary>
internal enum AnswerKind : byte
{
    /// <summary>An event, or nothing known: the command waits on.</summary>
    NotMine,

    /// <summary>The modem has understood; more follows.</summary>
    Progress,

    Done,

    /// <summary>Done, and the command behind it is not needed.</summary>
    DoneSkipNext,

    Failed,

    /// <summary>Done, and the modem starts again because of it.</summary>
    Restarts,
}

/// <param name="Kind">What it means.</param>
/// <param name="Reason">Why it failed, for people.</param>
internal readonly record struct Answer(AnswerKind Kind, string? Reason = null)
{
    public static readonly Answer NotMine = default;

    public static readonly Answer Progress = new(AnswerKind.Progress);

    public static readonly Answer Done = new(AnswerKind.Done);

    public static readonly Answer DoneSkipNext = new(AnswerKind.DoneSkipNext);

    public static readonly Answer Restarts = new(AnswerKind.Restarts);

    public static Answer Failed(string reason) => new(AnswerKind.Failed, reason);
}

/// <summary>One command to a modem, and how its answer is known among what else the modem says.</summary>
/// <param name="Bytes">As written to the port, in one go: some modems give up on commands that dribble in.</param>
/// <param name="Match">Judges each line while the command waits.</param>
internal sealed record ModemCommand(ReadOnlyMemory<byte> Bytes, Func<string, Answer> Match)
{
    /// <summary>2 s: modems answer within a few milliseconds unless they write their flash.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>A refusal is fine (the receiver was not running); silence is not.</summary>
    public bool MayFail { get; init; }

    /// <summary>It is sent again if nothing comes back; never where twice is more than once.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>The line that ends an answer of several lines, whatever those before it said; null: the answer is one line.</summary>
    public Func<string, bool>? End { get; init; }

    /// <summary>Nobody answers it: it is done when its time is over.</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>For people.</summary>
    public string Name => Encoding.Latin1.GetString(Bytes.Span).TrimEnd('\r', '\n') is { Length: > 40 } text ? text[..40] + "…" : Encoding.Latin1.GetString(Bytes.Span).TrimEnd('\r', '\n');

    /// <summary>A line, ended as the modem wants it.</summary>
    public static ModemCommand Line(string text, Func<string, Answer> match) => new(Encoding.ASCII.GetBytes(text + "\r\n"), match);

    /// <summary>Bytes that nobody answers.</summary>
    /// <param name="bytes">As written to the port.</param>
    /// <param name="time">Until something else may be written.</param>
    public static ModemCommand Unanswered(ReadOnlyMemory<byte> bytes, TimeSpan time) => new(bytes, static _ => Answer.NotMine) { Timeout = time, IsRepeatable = false, IsUnanswered = true };
}
