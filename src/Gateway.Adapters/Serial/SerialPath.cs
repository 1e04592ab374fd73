namespace Gateway.Adapters.Serial;

/// <summary>Names of one serial port: the device node, and the links under <c>/dev/serial</c> that lead to it.</summary>
public static class SerialPath
{
    /// <summary>Where the name leads; itself if it leads nowhere now, which opening it will say.</summary>
    public static string Real(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
