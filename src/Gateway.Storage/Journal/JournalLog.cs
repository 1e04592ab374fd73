using Microsoft.Extensions.Logging;

namespace Gateway.Storage;

internal static partial class JournalLog
{
    [LoggerMessage(2000, LogLevel.Information, "Journal opened: {Commits} commits replayed, {Segments} segments, {Streams} streams, {Milliseconds} ms")]
    public static partial void Opened(ILogger log, long commits, int segments, int streams, long milliseconds);

    [LoggerMessage(2001, LogLevel.Warning, "The journal's last commit was torn by a power cut: {Bytes} bytes that nobody was promised are cut off")]
    public static partial void TailCut(ILogger log, long bytes);

    [LoggerMessage(2002, LogLevel.Error, "{File} is damaged ({Reason}): a copy is in {Folder}; what was lost is told as gaps. Check the card")]
    public static partial void Damaged(ILogger log, string file, string reason, string folder);

    [LoggerMessage(2003, LogLevel.Error, "Stream {Stream}: {Count} messages could not be read and are told as a gap")]
    public static partial void Lost(ILogger log, string stream, ulong count);

    [LoggerMessage(2004, LogLevel.Error, "Writing {File} failed: {Reason}. It is closed at its last durable commit, the batch goes to a fresh one")]
    public static partial void WriteFailed(ILogger log, string file, string reason);

    [LoggerMessage(2005, LogLevel.Critical, "The journal cannot be written: {Reason}. Nothing is acknowledged; tried again every {Seconds} s")]
    public static partial void SinkFailed(ILogger log, string reason, double seconds);

    [LoggerMessage(2006, LogLevel.Warning, "The journal can be written again")]
    public static partial void SinkHealed(ILogger log);

    [LoggerMessage(2007, LogLevel.Warning, "No room for another segment in {Folder}: {Reason}. Free some space")]
    public static partial void NoSpare(ILogger log, string folder, string reason);

    [LoggerMessage(2008, LogLevel.Error, "The disk is full and no stream may drop its oldest: appends are refused until upstream takes some or space is freed")]
    public static partial void Full(ILogger log);

    [LoggerMessage(2009, LogLevel.Warning, "There is room on the disk again")]
    public static partial void RoomAgain(ILogger log);

    [LoggerMessage(2010, LogLevel.Warning, "{File} cannot be removed: {Reason}")]
    public static partial void DeleteFailed(ILogger log, string file, string reason);

    [LoggerMessage(2012, LogLevel.Information, "Stream {Stream} fills up (when-full: downsample): {Summaries} summaries stand for its oldest {Count} readings, and more follow as long as upstream is away")]
    public static partial void Thinned(ILogger log, string stream, ulong count, int summaries);

    [LoggerMessage(2030, LogLevel.Error, "{File} is missing, with messages that were promised: they are told as gaps. Look who removed it; put back now, it would not be read any more")]
    public static partial void Missing(ILogger log, string file);

    [LoggerMessage(2031, LogLevel.Warning, "{File} cannot be written: {Reason}. Should the newest segment be damaged, that could not be told from a power cut")]
    public static partial void MarkFailed(ILogger log, string file, string reason);

    [LoggerMessage(2032, LogLevel.Error, "Reading {File} failed: {Reason}. Nothing is given up: it is tried again once the disk has taken a commit. Check the card (dmesg)")]
    public static partial void ReadFailed(ILogger log, string file, string reason);

    [LoggerMessage(2011, LogLevel.Error, "{File} cannot be copied to {Folder}: {Reason}")]
    public static partial void QuarantineFailed(ILogger log, string file, string folder, string reason);
}
