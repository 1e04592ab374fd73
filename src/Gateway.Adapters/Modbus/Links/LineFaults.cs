using System.Net.Sockets;
using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Modbus;

/// <summary>What the system says of a line, in the field's words and with what to do.</summary>
internal static class LineFaults
{
    public static readonly LineFault ClosedByPeer =
        new("connection closed", "the device closed the connection; many serve few clients at once: look for another one, or raise delay-between-requests");

    public static readonly LineFault NotModbus =
        new("invalid frame", "what came is not Modbus TCP; check that host and port are the Modbus server's, not an RTU-over-TCP or web port");

    public static readonly LineFault NotRtu =
        new("invalid frame", "what came fits no request; check baud, parity and wiring behind the device server, and look for a second master on the line");

    public static readonly LineFault HalfFrame = new("incomplete frame", "the device stopped in the middle of a response; check its network, then restart it");

    public static readonly LineFault Silent =
        new("timeout", "the connection is open but nothing answers; check unit-id and the device, or raise timeout");

    public static readonly LineFault SilentDatagrams =
        new("timeout", "datagrams are sent and nothing comes back; check host, port, unit-id and firewalls on the way, or raise timeout");

    public static readonly LineFault ConnectTimeout =
        new("connect timeout", "nothing answers at this address; check host, cable, power and firewall");

    public static readonly LineFault NameTimeout =
        new("unknown host", "the name server does not answer; check this gateway's network, or write the address");

    /// <summary>With TLS 1.3 a device refuses a certificate after the handshake: by closing.</summary>
    public static readonly LineFault Refused =
        new("connection closed at once", "the device closed before its first answer; check that it accepts this gateway's certificate and role, and how many clients it serves");

    public static LineFault TlsFiles(string problem) => new($"TLS: {problem}", "correct the link's tls, or put the file there, readable by the gateway's user");

    public static LineFault Tls(string cause) => new($"TLS: {cause}", "check the link's tls (ca, certificate, key), and what the device trusts");

    public static LineFault? Of(SerialFault? fault) => fault is null ? null : new(fault.Reason, fault.Remedy);

    public static LineFault Of(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new("connection refused", "the host is there but nothing listens on this port; check port, and that Modbus TCP is switched on in the device"),
        SocketError.HostUnreachable or SocketError.HostDown => new("host unreachable", "check host, cable and power"),
        SocketError.NetworkUnreachable or SocketError.NetworkDown => new("network unreachable", "check this gateway's network, cable and routes"),
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => new("unknown host", "the name cannot be resolved; check host or write the address"),
        SocketError.TimedOut => ConnectTimeout,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => new("connection reset", ClosedByPeer.Remedy),
        SocketError.AccessDenied => new("access denied", "a firewall rule on this gateway forbids the connection"),
        var other => new(other.ToString(), error.Message),
    };
}
