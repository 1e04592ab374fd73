namespace Gateway.Adapters.Dbus;

/// <summary>Calls that wait for their answers, by serial.</summary>
internal sealed class PendingCalls
{
    /// <summary>1,024 at a time: a handful is what we ever need.</summary>
    public const int Most = 1024;

    private readonly Dictionary<uint, TaskCompletionSource<DbusReply>> _calls = [];
    private DbusError? _ended;

    /// <returns>What completes with the answer; at once with an error when there are too many, or no connection.</returns>
    public Task<DbusReply> Add(uint serial)
    {
        lock (_calls)
        {
            var error = _ended ?? (_calls.Count == Most ? new DbusError(DbusError.LimitsExceeded, "too many calls wait for their answers") : null);
            if (error is not null)
            {
                return Task.FromResult(new DbusReply(null, error));
            }

            var answered = new TaskCompletionSource<DbusReply>(TaskCreationOptions.RunContinuationsAsynchronously);
            _calls.Add(serial, answered);
            return answered.Task;
        }
    }

    /// <summary>Nobody waits for it any more.</summary>
    public void Remove(uint serial)
    {
        lock (_calls)
        {
            _calls.Remove(serial);
        }
    }

    /// <returns>Whether somebody waited for it.</returns>
    public bool Answer(DbusMessage message)
    {
        TaskCompletionSource<DbusReply>? answered;
        lock (_calls)
        {
            if (!_calls.Remove(message.ReplySerial, out answered))
            {
                return false;
            }
        }

        answered.SetResult(message.Kind == DbusMessageKind.Error ? new(null, new(message.ErrorName!, message.Argument(0).AsString() ?? "")) : new(message, null));
        return true;
    }

    /// <summary>All of them, and all that come later, get this error.</summary>
    public void End(DbusError error)
    {
        lock (_calls)
        {
            _ended ??= error;
            foreach (var answered in _calls.Values)
            {
                answered.SetResult(new(null, error));
            }

            _calls.Clear();
        }
    }
}
