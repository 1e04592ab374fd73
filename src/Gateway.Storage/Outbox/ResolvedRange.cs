namespace Gateway.Storage;

/// <summary>Entries about which nothing is left to do, but which lie above one that waits.</summary>
/// <remarks>Without a reason, upstream acknowledged them. Times are the wall clock of first and last, in milliseconds since the epoch.</remarks>
internal readonly record struct ResolvedRange(ulong From, ulong To, GapReason? Reason, long FirstTime, long LastTime)
{
    public ulong Count => To - From + 1;
}
