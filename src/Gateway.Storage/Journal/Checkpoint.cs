namespace Gateway.Storage;

/// <summary>Writes into a batch what is no entry: what changed in the streams, or everything, for the first commit of a segment.</summary>
internal static class Checkpoint
{
    /// <returns>How many frames were written.</returns>
    public static int WriteStreams(Batch batch, IReadOnlyList<OutboxStream> streams, bool restate)
    {
        var written = 0;
        for (var i = 0; i < streams.Count; i++)
        {
            var stream = streams[i];
            var part = batch.Parts.Find(p => ReferenceEquals(p.Stream, stream));
            if (stream.Capture(batch.Buffer, part, part?.Next ?? stream.Pending.Durable, restate))
            {
                written++;
            }
        }

        batch.Frames += written;
        return written;
    }

    public static void Write(Batch batch, IReadOnlyList<OutboxStream> streams, KeyedState state)
    {
        batch.IsCheckpoint = true;
        WriteStreams(batch, streams, restate: true);
        for (var i = 0; i < streams.Count; i++)
        {
            if (streams[i].CaptureRetained() is { Count: > 0 } retained)
            {
                RetainedFrame.Write(batch.Buffer, streams[i].Number, retained);
                batch.Frames++;
            }
        }

        foreach (var (key, value) in state.All)
        {
            KeyFrame.Put(batch.Buffer, key, value);
            batch.Frames++;
        }
    }
}
