namespace Gateway.Benchmarks.Outbox;

/// <summary>Bytes of garbage per message, on all threads.</summary>
internal static class AllocationRun
{
    private const int Messages = 200_000;
    private const int Batch = 500;
    private const int Commits = 5_000;

    public static int Run(string folder)
    {
        using var queue = new JournalQueue(folder);
        queue.Fill(Messages, Batch);
        queue.Drain(Messages);
        Print("append", Messages, () => queue.Fill(Messages, Batch));
        Print("read and acknowledge", Messages, () => queue.Drain(Messages));
        Print("append, one per commit", Commits, () => queue.Fill(Commits, batch: 1));
        return 0;
    }

    private static void Print(string what, int messages, Action action)
    {
        var (mine, all) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes(precise: true));
        action();
        (mine, all) = (GC.GetAllocatedBytesForCurrentThread() - mine, GC.GetTotalAllocatedBytes(precise: true) - all);
        Console.WriteLine($"allocated per message, {what,-22} {(double)mine / messages,8:N1} B by the caller, {(double)(all - mine) / messages,6:N1} B by others");
    }
}
