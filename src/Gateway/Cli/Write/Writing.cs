using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>Shows what is there, asks, writes once, reads back, and says what is known then.</summary>
internal sealed class Writing(OpenLine line, TextWriter output, TextWriter error, bool isAgreed, bool asJson)
{
    /// <summary>Pauses before reading back: at once, then for devices that need a moment to take a value over.</summary>
    private static readonly TimeSpan[] s_pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(500)];

    private readonly RegisterAccess _access = new(line.Access, line.Unit, TimeProvider.System);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(WriteWish wish, CancellationToken cancellation)
    {
        var before = await _access.ReadAsync(wish.Range, cancellation).ConfigureAwait(false);
        if (before.Outcome == FieldOutcome.NotSent)
        {
            error.WriteLine($"edge-gateway: {line.Heading}: {before.Line}");
            return ExitCode.Failed;
        }

        var question = $"{line.Heading}: write {wish.Shown(wish.Wire)} to {wish.Name}? It {(before.IsOk ? $"holds {wish.Shown(before.Values.ToArray())} now" : $"cannot be read: {before.Reason}")}.";
        if (!isAgreed && !await Prompt.IsAgreedAsync(question, error, cancellation).ConfigureAwait(false))
        {
            error.WriteLine("nothing was written");
            return ExitCode.Failed;
        }

        cancellation.ThrowIfCancellationRequested();

        // From here on to the end: whoever interrupts it now would not know what has happened. Every request has its deadline.
        var written = await _access.WriteAsync(wish.Range.Space, wish.Range.Address, wish.Wire, CancellationToken.None).ConfigureAwait(false);
        var isSent = written.IsOk || written.IsUnknown || written.Exception == ExceptionCode.Acknowledge;
        var after = isSent ? await ReadBackAsync(wish).ConfigureAwait(false) : null;
        return Conclude(wish, before, written, after);
    }

    private async Task<RegisterReply> ReadBackAsync(WriteWish wish)
    {
        RegisterReply? last = null;
        foreach (var pause in s_pauses)
        {
            await Task.Delay(pause).ConfigureAwait(false);
            last = await _access.ReadAsync(wish.Range, CancellationToken.None).ConfigureAwait(false);
            if (last.IsOk ? wish.IsThere(last.Values.ToArray()) : last.Outcome != FieldOutcome.Answered)
            {
                break;
            }
        }

        return last!;
    }

    private int Conclude(WriteWish wish, RegisterReply before, RegisterReply written, RegisterReply? after)
    {
        var isThere = after is { IsOk: true } && wish.IsThere(after.Values.ToArray());
        var was = before.IsOk ? wish.Shown(before.Values.ToArray()) : null;
        var now = after is { IsOk: true } ? wish.Shown(after.Values.ToArray()) : null;
        if (asJson)
        {
            var document = RegisterJson.Head(line);
            document["place"] = wish.Name;
            document["before"] = before.IsOk ? RegisterJson.Number(wish.Decode(before.Values.ToArray())) : null;
            document["after"] = after is { IsOk: true } ? RegisterJson.Number(wish.Decode(after.Values.ToArray())) : null;
            document["result"] = isThere ? "ok" : written.IsUnknown || (after is not null && now is null) ? "unknown" : "failed";
            document["problem"] = isThere ? null : written.Reason ?? after?.Reason ?? "the device holds something else";
            output.WriteLine(JsonOutput.Of(document));
            return isThere ? ExitCode.Done : ExitCode.Failed;
        }

        if (isThere)
        {
            output.WriteLine($"{wish.Name} {(was is null ? "" : $"was {was}, ")}is {now}{(written.IsUnknown ? $"; the write itself had no answer ({written.Reason})" : "")}");
            return ExitCode.Done;
        }

        error.WriteLine($"edge-gateway: {line.Heading}: {wish.Name}: {Trouble(written, after, now)}");
        return ExitCode.Failed;
    }

    private static string Trouble(RegisterReply written, RegisterReply? after, string? now) =>
        after is null ? $"not written: {written.Line}"
        : written.IsUnknown ? $"no answer to the write ({written.Reason}): not known whether the device took it, and not sent again; "
            + (now is null ? $"it could not be read back either ({after.Reason})" : $"it holds {now} now, and may still change")
        : now is null ? $"written, but not read back: {after.Line}"
        : $"written, but the device holds {now} instead; it may limit or round what it takes, or refuse it in silence";
}
