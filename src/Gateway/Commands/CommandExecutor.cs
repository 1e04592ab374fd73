using Gateway.Core;
using Gateway.Pipeline;

namespace Gateway.Commands;

/// <summary>Carries out one command: waits until its acceptance is durable, checks it, writes, reads back.</summary>
internal sealed class CommandExecutor(DurableWait durability, IReadOnlyDictionary<string, LinkRunner> links, TimeProvider time)
{
    public async Task<CommandAnswer> ExecuteAsync(CommandWork work, CancellationToken cancellation)
    {
        if (!await durability.WaitAsync(work.Lsn, cancellation).ConfigureAwait(false))
        {
            return CommandAnswer.Rejected(work.Id, CommandReason.Storage, "the disk failed before the command was durable");
        }

        if (CommandCheck.Resolve(work.Device, work.Id, work.Document, out var writes) is { } refusal)
        {
            return refusal;
        }

        var adapter = links[work.Device.Link.Id].Adapter;
        var values = new List<KeyValuePair<string, PointValue>>(writes.Count);
        foreach (var (point, value) in writes)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var left = time.GetElapsedTime(time.GetTimestamp(), work.Deadline);
            if (left <= TimeSpan.Zero)
            {
                return Expired(work, values);
            }

            // A timer of the injected clock, so that a test moves it.
            using var timer = time.CreateTimer(_ => deadline.Cancel(), null, left, Timeout.InfiniteTimeSpan);
            WriteResult result;
            try
            {
                result = await adapter.WriteAsync(point, value, deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return Expired(work, values);
            }

            if (result.ReadBack is { } readBack)
            {
                values.Add(new(point.Id, readBack));
            }

            if (!result.Ok)
            {
                return new CommandAnswer(work.Id, CommandResult.Failed, result.Reason, $"{point.Id} was not written", values);
            }
        }

        return new CommandAnswer(work.Id, CommandResult.Ok, Values: values);
    }

    private static CommandAnswer Expired(CommandWork work, List<KeyValuePair<string, PointValue>> written) => written.Count == 0
        ? CommandAnswer.Rejected(work.Id, CommandReason.Expired)
        : new CommandAnswer(work.Id, CommandResult.Failed, CommandReason.Expired, "only a part was written in time", written);
}
