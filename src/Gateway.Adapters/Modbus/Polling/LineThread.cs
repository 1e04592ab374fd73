namespace Gateway.Adapters.Modbus;

/// <summary>A thread of its own for a line whose requests block: to ask and to hear the answer on one thread costs a third of what it costs to be woken through the framework's.</summary>
internal static class LineThread
{
    /// <summary>512 KiB: several times what is ever used. Only what is touched takes memory.</summary>
    private const int StackSize = 512 << 10;

    /// <summary>Runs the work to its end.</summary>
    /// <param name="name">For people who look at the process; Linux shows 15 characters of it.</param>
    /// <param name="work">May block.</param>
    /// <returns>Completes with the work, or with what it threw.</returns>
    public static Task RunAsync(string name, Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(Run, StackSize) { Name = name, IsBackground = true };
        thread.UnsafeStart();
        return done.Task;

        void Run()
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }
}
