using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary>A host as it stands on a command line.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">null: nothing was said.</param>
internal readonly record struct HostPlace(string Host, int? Port)
{
    /// <summary>A /22. More is another network's business, and hours of waiting.</summary>
    public const int Most = 1022;

    private const int AddressBits = 32;

    /// <summary><c>192.0.2.20</c>, <c>plc.local:1502</c>, <c>[2001:db8::1]:502</c>, <c>2001:db8::1</c>.</summary>
    public static bool TryParse(string text, out HostPlace place)
    {
        place = new(text, null);
        var colon = text.LastIndexOf(':');
        var hasPort = colon > 0 && (text.IndexOf(':') == colon || text[colon - 1] == ']');
        if (hasPort)
        {
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > ushort.MaxValue)
            {
                return false;
            }

            place = new(text[..colon], port);
        }

        var host = place.Host;
        place = place with { Host = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host };
        return HostKind.IsValid(place.Host);
    }

    /// <summary>Hosts with commas between them, and IPv4 networks: <c>192.0.2.0/24</c>, <c>192.0.2.0/24:1502</c>, <c>192.0.2.20,192.0.2.21</c>. Each once.</summary>
    /// <param name="text">As on the command line.</param>
    /// <param name="problem">What is wrong and what to write instead; null: nothing is.</param>
    public static IReadOnlyList<HostPlace> ParseMany(string text, out string? problem)
    {
        problem = null;
        var places = new List<HostPlace>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Contains('/', StringComparison.Ordinal))
            {
                places.AddRange(Network(part, out problem));
            }
            else if (TryParse(part, out var place))
            {
                places.Add(place);
            }
            else
            {
                problem = $"--host {part}: not a host and port; write for example 192.0.2.20, 192.0.2.20:502 or 192.0.2.0/24";
            }

            if (problem is not null)
            {
                return [];
            }
        }

        places = [.. places.Distinct()];
        problem = places.Count > Most ? $"--host {text}: {places.Count} hosts; at most {Most} (a /22) in one scan: take a part of them" : null;
        return problem is null ? places : [];
    }

    /// <summary>All hosts of a network, without its own and its broadcast address.</summary>
    private static IReadOnlyList<HostPlace> Network(string text, out string? problem)
    {
        const string Example = "write for example 192.0.2.0/24";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParse(text[..slash].Trim('[', ']') + PortOf(text[slash..], out var length), out var place)
            || !IPAddress.TryParse(place.Host, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && place.Host.Count(static c => c == '.') != 3) || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            problem = text.Contains("://", StringComparison.Ordinal) ? $"--host {text}: a URL; write only the host, for example 192.0.2.20" : $"--host {text}: not a network; {Example}";
            return [];
        }

        problem = address.AddressFamily != AddressFamily.InterNetwork ? $"--host {text}: only IPv4 networks can be searched; name IPv6 hosts one by one, with commas between them"
            : bits > AddressBits ? $"--host {text}: a network of IPv4 ends at /{AddressBits}; {Example}"
            : Size(bits) > Most ? string.Create(CultureInfo.InvariantCulture, $"--host {text}: {Size(bits):N0} hosts; at most {Most} (a /22) in one scan: take a part of it, for example {From(address, 22)}/22")
            : null;
        return problem is null ? [.. Hosts(address, bits).Select(h => place with { Host = h })] : [];
    }

    /// <returns><c>:1502</c> of <c>/24:1502</c>.</returns>
    private static string PortOf(string suffix, out string length)
    {
        var colon = suffix.IndexOf(':', StringComparison.Ordinal);
        length = colon < 0 ? suffix[1..] : suffix[1..colon];
        return colon < 0 ? "" : suffix[colon..];
    }

    /// <summary>A /31 and a /32 have no addresses of their own (RFC 3021).</summary>
    private static long Size(int bits) => bits >= AddressBits - 1 ? 1L << (AddressBits - bits) : (1L << (AddressBits - bits)) - 2;

    private static IEnumerable<string> Hosts(IPAddress address, int bits)
    {
        var first = Number(From(address, bits)) + (bits >= AddressBits - 1 ? 0u : 1u);
        for (var i = 0u; i < Size(bits); i++)
        {
            yield return Address(first + i).ToString();
        }
    }

    private static IPAddress From(IPAddress address, int bits) => Address(bits == 0 ? 0 : Number(address) & (uint.MaxValue << (AddressBits - bits)));

    private static uint Number(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress Address(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new(bytes);
    }
}
