namespace Gateway.Storage;

/// <summary>A segment of which others tell and that is not here, or of whose file nothing can be read.</summary>
/// <param name="Path">Where it was.</param>
/// <param name="HasFile">Whether a file is there in which nothing of it is left.</param>
/// <param name="Summary">What lay in it; null: it was the newest, of which nobody tells.</param>
internal sealed record MissingSegment(string Path, bool HasFile, SegmentSummary? Summary)
{
    public static string NameOf(ulong generation) => $"{generation:x16}.seg";
}
