namespace Gateway.Storage;

/// <summary>Reads what can be read: a sector that cannot costs no more than its own block, which stays zero.</summary>
internal static class SalvageRead
{
    /// <returns>Bytes read; fewer than asked for only at the end of the file.</returns>
    public static int Read(IJournalFile file, Span<byte> buffer, long offset)
    {
        try
        {
            return file.Read(buffer, offset);
        }
        catch (IOException)
        {
            // A file that cannot even tell its length is gone with its disk: that is no damage, and the caller's to report.
            var length = (int)Math.Clamp(file.Length - offset, 0, buffer.Length);
            for (var block = 0; block < length; block += Layout.Block)
            {
                ReadBlock(file, buffer.Slice(block, Math.Min(Layout.Block, length - block)), offset + block);
            }

            return length;
        }
    }

    private static void ReadBlock(IJournalFile file, Span<byte> block, long offset)
    {
        try
        {
            file.Read(block, offset);
        }
        catch (IOException)
        {
            block.Clear();
        }
    }
}
