namespace Gateway.Adapters.Dbus;

/// <summary>Object paths: <c>/org/bluez/hci0</c> (D-Bus 0.42 "Valid Object Paths").</summary>
internal static class DbusPath
{
    public static bool IsValid(ReadOnlySpan<char> path)
    {
        if (path is "/")
        {
            return true;
        }

        if (path.IsEmpty || path[0] != '/' || path[^1] == '/')
        {
            return false;
        }

        for (var i = 1; i < path.Length; i++)
        {
            if (path[i] == '/' ? path[i - 1] == '/' : !(char.IsAsciiLetterOrDigit(path[i]) || path[i] == '_'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether it lies below another one.</summary>
    public static bool IsBelow(ReadOnlySpan<char> path, ReadOnlySpan<char> root) => root is "/" ? path.Length > 1 : path.Length > root.Length && path.StartsWith(root) && path[root.Length] == '/';
}
