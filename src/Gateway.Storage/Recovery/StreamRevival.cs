using Microsoft.Extensions.Logging;

namespace Gateway.Storage;

/// <summary>Makes the streams from what a start found, and tells what of them is missing.</summary>
internal static class StreamRevival
{
    public static List<OutboxStream> Revive(Recovered recovered, StreamHost host, Quarantine quarantine, ILogger log, out ulong lost)
    {
        var segments = recovered.Tail is { } tail ? recovered.Sealed.Append(tail) : recovered.Sealed;
        var extents = segments.SelectMany(s => s.Extents).ToLookup(e => e.Stream);
        var now = Moment.Of(host.Clock).Wall;
        var streams = new List<OutboxStream>();
        lost = 0;
        foreach (var (number, found) in recovered.Streams)
        {
            if (found.Frame is not { } frame)
            {
                foreach (var extent in extents[number])
                {
                    extent.Segment.IsHeld |= !quarantine.Keep(extent.Segment.Path, "no commit is left that tells whose messages these are");
                }

                continue;
            }

            var live = WithoutCopied(extents[frame.Number]).Where(e => e.Last >= frame.Oldest).OrderBy(e => e.First).ToList();
            foreach (var extent in live)
            {
                extent.Segment.Keep();
            }

            // What cannot be read may have held numbers that upstream has seen: they are not given again.
            var next = found.Next + (ulong)(found.Unheard / Layout.SmallestEntry);
            var stream = new OutboxStream(frame.Number, frame.Id, new Eras(frame.Eras), host);
            var missing = stream.Restore(frame with { Next = next, Bytes = frame.Bytes + found.BytesSince }, live, found.Retained, now);
            if (missing > 0)
            {
                JournalLog.Lost(log, frame.Id.ToString(), missing);
            }

            lost += missing;
            streams.Add(stream);
        }

        // A header that cannot be read is damage only where something is still needed; else the power went in the midst of using the file again.
        foreach (var segment in recovered.Sealed.Where(s => s.Suspect && s.Live > 0))
        {
            segment.IsHeld |= !quarantine.Keep(segment.Path, "its header cannot be read");
        }

        foreach (var missing in recovered.Missing.Where(m => IsNeeded(m, recovered, extents)))
        {
            if (!missing.HasFile)
            {
                quarantine.Miss(missing.Path);
            }
            else if (!quarantine.Keep(missing.Path, "nothing in it can be read"))
            {
                recovered.Spares.RemoveAll(s => s.Path == missing.Path);
            }
        }

        return streams;
    }

    /// <summary>Leaves out what was copied forward: the newest copy has all that waited when it was made, and what did not had been told before or with it.</summary>
    private static IEnumerable<Extent> WithoutCopied(IEnumerable<Extent> extents)
    {
        var copies = new List<Extent>();
        foreach (var extent in extents.OrderByDescending(e => e.Segment.Generation).ThenByDescending(e => e.Offset))
        {
            if (!copies.Exists(c => c.First <= extent.Last && extent.First <= c.Last))
            {
                if (extent.Group is not null)
                {
                    copies.Add(extent);
                }

                yield return extent;
            }
        }
    }

    /// <summary>One that was recycled or removed for want of anything in it, or after what waited in it was copied forward, is not missed.</summary>
    private static bool IsNeeded(MissingSegment missing, Recovered recovered, ILookup<uint, Extent> extents)
    {
        if (missing.Summary is not { } summary)
        {
            return true;
        }

        return (summary.Extents ?? []).Any(e =>
            recovered.Streams.TryGetValue(e.Stream, out var stream) && stream.Frame is { } frame && !frame.IsDone(e.First, e.Last)
            && !extents[e.Stream].Any(c => c.Group is not null && c.Segment.Generation > summary.Generation && c.First <= e.Last && e.First <= c.Last));
    }
}
