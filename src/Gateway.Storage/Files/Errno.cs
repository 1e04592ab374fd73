namespace Gateway.Storage;

internal static class Errno
{
    private const int FileTooBig = 27;
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Whether the failure is a want of space, which dropping or deleting cures.</summary>
    public static bool IsNoSpace(Exception failure) => failure is IOException && failure.HResult is NoSpace or QuotaExceeded or FileTooBig;
}
