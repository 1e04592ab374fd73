using System.Globalization;
using System.Net;

namespace Gateway.Configuration;

/// <summary>A host name (RFC 1123 §2.1), an IPv4 or an IPv6 address.</summary>
public sealed class HostKind : ScalarKind<string>
{
    public override string Name => "a host name or address";

    public override string Example => "192.0.2.20";

    public override string Placeholder => "localhost";

    public override string Write(string value) => value;

    public static bool IsValid(string text) => Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;

    protected override Complaint? Parse(string text, out string value)
    {
        value = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (IsValid(value))
        {
            return null;
        }

        var colon = text.LastIndexOf(':');
        return text.Contains("://", StringComparison.Ordinal) ? new($"{Shown.Of(text)} is a URL", $"write only the host, for example {Example}")
            : colon > 0 && IsValid(text[..colon]) && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? new($"{Shown.Of(text)} holds a port", $"write {text[..colon]}, and port: {port.ToString(CultureInfo.InvariantCulture)} as a key of its own")
            : NotA(text);
    }
}

/// <summary>An address of this machine.</summary>
public sealed class AddressKind : ScalarKind<string>
{
    public override string Name => "an IPv4 or IPv6 address";

    public override string Example => "0.0.0.0";

    public override string Placeholder => "127.0.0.1";

    public override string Write(string value) => value;

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        // IPAddress takes "1" and "0x7f.1" as addresses too; nobody means that.
        var isAddress = IPAddress.TryParse(text, out var address) && (text.Contains(':') || text.Count(c => c == '.') == 3);
        if (isAddress && !text.StartsWith('['))
        {
            value = address!.ToString();
            return null;
        }

        return text switch
        {
            "localhost" => new("\"localhost\" is a name", "write 127.0.0.1 or \"::1\""),
            "*" => new("\"*\" is not an address", "write 0.0.0.0, or \"::\" for IPv6 as well"),
            _ when text.LastIndexOf(':') is > 0 and var colon && IPAddress.TryParse(text[..colon], out _) && text.Count(c => c == ':') == 1 =>
                new($"{Shown.Of(text)} holds a port", $"write {text[..colon]}, and port: {text[(colon + 1)..]} as a key of its own"),
            _ => NotA(text),
        };
    }
}
