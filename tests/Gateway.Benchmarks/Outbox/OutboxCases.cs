using System.Globalization;

namespace Gateway.Benchmarks.Outbox;

/// <summary>What <c>scripts/bench outbox</c> runs, case by case. Folders are on the file system that is measured.</summary>
internal static class OutboxCases
{
    public const string Usage = """
        outbox append FOLDER ROUNDS                beside SQLite and the raw disk, 1 to 512 waiting publishers
        outbox mixed FOLDER ROUNDS                 the same while everything is drained
        outbox drain FOLDER ROUNDS MESSAGES        a backlog is read and forgotten
        outbox bytes FOLDER ROUNDS COMMITS DEVICE  bytes to the block device per byte stored
        outbox allocations FOLDER                  garbage per message
        outbox fill FOLDER COUNT                   a backlog for "open"
        outbox open FOLDER                         prints: waiting, ms to open, MB before, after, after the first reads, segments
        outbox bridge FOLDER COUNT PORT            the real bridge drains a backlog to PORT
        outbox sink PORT COUNT ROUNDTRIP           acknowledges COUNT messages and prints how many a second came
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["append", var folder, var rounds]:
                new AppendRun(new Rounds(folder, Number(rounds))).Append();
                return 0;
            case ["mixed", var folder, var rounds]:
                new AppendRun(new Rounds(folder, Number(rounds))).AppendAndDrain();
                return 0;
            case ["drain", var folder, var rounds, var messages]:
                new DrainRun(new Rounds(folder, Number(rounds)), Number(messages)).Run();
                return 0;
            case ["bytes", var folder, var rounds, var commits, var device]:
                new DeviceBytesRun(new Rounds(folder, Number(rounds)), device, Number(commits)).Run();
                return 0;
            case ["allocations", var folder]:
                return AllocationRun.Run(folder);
            case ["fill", var folder, var count]:
                return StartRun.Fill(folder, Number(count));
            case ["open", var folder]:
                return StartRun.Open(folder);
            case ["bridge", var folder, var count, var port]:
                return await BridgeRun.RunAsync(folder, (ulong)Number(count), Number(port));
            case ["sink", var port, var count, var roundTrip]:
                return AckSink.Run(Number(port), Number(count), Number(roundTrip));
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
