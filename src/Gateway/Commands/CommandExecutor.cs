using Gateway.Core;

namespace Gateway.Commands;

/// <summary>Carries out one command: waits until its acceptance is durable, checks it, writes, reads back.</summary>
/// <remarks><c>find</c> gives the device as it is configured when its turn comes; null: it has left the configuration.</remarks>
internal sealed class CommandExecutor(DurableWait durability, Func<string, CancellationToken, ValueTask<CommandTarget?>> find, TimeProvider time)
{
    public async Task<CommandAnswer> ExecuteAsync(CommandWork work, CancellationToken cancellation)
    {
        if (!await durability.WaitAsync(work.Lsn, cancellation).ConfigureAwait(false))
        {
            return CommandAnswer.Rejected(work.Id, CommandReason.Storage, "the disk failed before the command was durable");
        }

        if (await find(work.Device.Id, cancellation).ConfigureAwait(false) is not { } target)
        {
            return CommandAnswer.Rejected(work.Id, CommandReason.UnknownDevice, $"{work.Device.Id} has left the configuration");
        }

        if (CommandCheck.Resolve(target.Device, work.Id, work.Document, out var writes) is { } refusal)
        {
            return refusal;
        }

        var values = new List<PointAnswer>(writes.Count);
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
                result = await target.Adapter.WriteAsync(point, value, deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return Expired(work, values);
            }

            if (result.ReadBack is { } readBack)
            {
                values.Add(new(point, readBack));
            }

            if (!result.Ok)
            {
                return new CommandAnswer(work.Id, CommandResult.Failed, result.Reason, $"{point.Id} was not written", values);
            }
        }

        return new CommandAnswer(work.Id, CommandResult.Ok, Values: values);
    }

    private static CommandAnswer Expired(CommandWork work, List<PointAnswer> written) => written.Count == 0
        ? CommandAnswer.Rejected(work.Id, CommandReason.Expired)
        : new CommandAnswer(work.Id, CommandResult.Failed, CommandReason.Expired, "only a part was written in time", written);
}

/// <summary>A device, and who writes to it.</summary>
internal sealed record CommandTarget(DeviceOptions Device, IAdapter Adapter);
