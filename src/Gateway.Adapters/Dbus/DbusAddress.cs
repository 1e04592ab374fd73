using System.Text;

namespace Gateway.Adapters.Dbus;

/// <summary>Where a bus listens: <c>unix:path=/run/dbus/system_bus_socket</c> (D-Bus 0.42 "Server Addresses").</summary>
/// <param name="Socket">Path of the socket; an abstract one begins with NUL.</param>
internal sealed record DbusAddress(string Socket)
{
    /// <summary>Names another system bus than the machine's.</summary>
    public const string Variable = "DBUS_SYSTEM_BUS_ADDRESS";

    public const string SystemBus = "unix:path=/run/dbus/system_bus_socket";

    /// <summary>The system bus of this process's environment.</summary>
    public static string OfSystem => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : SystemBus;

    /// <summary>The Unix sockets of a list that is separated by semicolons, in its order; what is reached otherwise is left out.</summary>
    public static IReadOnlyList<DbusAddress> Parse(string list)
    {
        var found = new List<DbusAddress>();
        foreach (var one in list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = one.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || one[..colon] != "unix")
            {
                continue;
            }

            foreach (var pair in one[(colon + 1)..].Split(','))
            {
                if (pair.StartsWith("path=", StringComparison.Ordinal) && Unescape(pair[5..]) is { Length: > 0 } path)
                {
                    found.Add(new(path));
                }
                else if (pair.StartsWith("abstract=", StringComparison.Ordinal) && Unescape(pair[9..]) is { Length: > 0 } name)
                {
                    found.Add(new('\0' + name));
                }
            }
        }

        return found;
    }

    /// <summary>For people.</summary>
    public override string ToString() => Socket[0] == '\0' ? $"unix:abstract={Socket[1..]}" : $"unix:path={Socket}";

    /// <summary>Bytes that are not plain are written as % and two digits.</summary>
    private static string? Unescape(string value)
    {
        var bytes = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(value[i..(i + 1)]));
            }
            else if (i + 2 < value.Length && char.IsAsciiHexDigit(value[i + 1]) && char.IsAsciiHexDigit(value[i + 2]))
            {
                bytes.Add(Convert.FromHexString(value.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
