namespace Gateway.Storage;

internal static class TailFile
{
    /// <summary>
    /// Opens the segment that goes on being written. What was read of it may have come from memory and never have reached the disk: its header and its last commit
    /// are written again, byte for byte, and synced, before anybody relies on them. Commits before the last one were durable when it was begun.
    /// What stands behind the end was void at this start: torn, or a failed batch that had gone to another segment, whose header said so and may now be used again.
    /// It is cleared, so that it stays void.
    /// </summary>
    public static IJournalFile Open(IJournalFiles files, string folder, Segment tail, long lastCommit)
    {
        var file = files.Open(tail.Path);
        try
        {
            Rewrite(file, 0, Layout.Block);
            Rewrite(file, lastCommit, tail.End - lastCommit);
            if (tail.End + Layout.Block <= tail.Size)
            {
                file.Write(new byte[Layout.Block], tail.End);
            }

            file.Sync();
            files.SyncFolder(folder);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Rewrite(IJournalFile file, long offset, long length)
    {
        var bytes = new byte[length];
        file.Write(bytes.AsSpan(0, file.Read(bytes, offset)), offset);
    }
}
