namespace Gateway.Storage;

internal static class Errno
{
    private const int DeviceError = 5;
    private const int FileTooBig = 27;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    /// <summary>Whether the failure is a want of space, which dropping or deleting cures.</summary>
    public static bool IsNoSpace(Exception failure) => failure is IOException && failure.HResult is NoSpace or QuotaExceeded or FileTooBig;

    /// <summary>Whether the file system is mounted read-only, or became so after an error.</summary>
    public static bool IsReadOnly(Exception failure) => failure is IOException && failure.HResult is ReadOnlyFileSystem;

    /// <summary>Whether the device itself failed.</summary>
    public static bool IsDevice(Exception failure) => failure is IOException && failure.HResult is DeviceError;
}
