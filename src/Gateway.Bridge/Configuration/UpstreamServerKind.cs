using System.Globalization;
using Gateway.Configuration;

namespace Gateway.Bridge;

/// <summary>An upstream broker's address: <c>mqtt://host[:1883]</c> or <c>mqtts://host[:8883]</c>.</summary>
public sealed class UpstreamServerKind : ScalarKind<UpstreamServer>
{
    /// <summary>IANA's ports of mqtt and secure-mqtt.</summary>
    private const int Plain = 1883, Secure = 8883;

    public override string Name => "an address like mqtts://host:8883";

    public override string Example => "\"mqtts://cloud.example:8883\"";

    public override UpstreamServer Placeholder => new("localhost", Plain, Tls: false);

    public override string Write(UpstreamServer value) => value.ToString();

    /// <summary>Reads one that does not stand in a configuration (an option of the command line).</summary>
    /// <returns>null, or what is wrong and what to write instead.</returns>
    public Complaint? TryParse(string text, out UpstreamServer value) => Parse(text, out value);

    protected override Complaint? Parse(string text, out UpstreamServer value)
    {
        value = Placeholder;
        var end = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = end < 0 ? "" : text[..end];
        var rest = end < 0 ? text : text[(end + 3)..];
        switch (scheme)
        {
            case "mqtt" or "mqtts":
                break;
            case "tcp":
                return new("tcp:// is not a scheme of MQTT", $"write mqtt://{rest}");
            case "ssl" or "tls":
                return new($"{scheme}:// is not a scheme of MQTT", $"write mqtts://{rest}");
            case "ws" or "wss":
                return new("MQTT over WebSocket upstream is not built yet", $"write mqtt{(scheme == "wss" ? "s" : "")}://host");
            default:
                return new($"\"{text}\" is not {Name}", $"write mqtt://{(scheme.Length == 0 ? rest : "host")}, or mqtts:// for TLS");
        }

        if (rest.Contains('@'))
        {
            return new("a user in an address", "write username: and password: as keys of the bridge");
        }

        rest = rest.EndsWith('/') ? rest[..^1] : rest;
        return Authority(rest, scheme == "mqtts", out value) ? null : new($"\"{text}\" is not {Name}", $"write {scheme}://host:port, an IPv6 address in square brackets");
    }

    private bool Authority(string text, bool tls, out UpstreamServer server)
    {
        server = Placeholder;
        var hostEnd = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':') is >= 0 and var colon ? colon : text.Length;
        var host = text[..hostEnd];
        var tail = text[hostEnd..];
        var port = tls ? Secure : Plain;
        if (tail.Length > 0 && (tail[0] != ':' || !int.TryParse(tail.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            return false;
        }

        host = host is ['[', .. var inner, ']'] ? inner : host;
        server = new(host, port, tls);
        return HostKind.IsValid(host);
    }
}
