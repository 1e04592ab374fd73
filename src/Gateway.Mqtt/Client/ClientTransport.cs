using System.Net.Sockets;

namespace Gateway.Mqtt;

/// <summary>Opens the byte stream to a server: name, TCP, TLS.</summary>
internal static class ClientTransport
{
    /// <summary>Connects within <paramref name="deadline"/>, which ends as an <see cref="OperationCanceledException"/>.</summary>
    public static async Task<(Stream? Stream, ConnectFailure? Failure)> OpenAsync(MqttClientOptions options, TimeProvider time, CancellationToken deadline)
    {
        TlsMaterial? material = null;
        if (options.Tls is not null && (material = options.Tls.TryLoad(out var problem)) is null)
        {
            return (null, new ConnectFailure(ConnectFailureKind.TlsFiles, problem!));
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, deadline);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return (null, Describe(options, e));
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var stream = new NetworkStream(socket, ownsSocket: true);
        if (material is null)
        {
            return (stream, null);
        }

        var (secured, cause) = await new TlsHandshake(options.Host, material, options.IsClockTrusted, time).RunAsync(stream, deadline);
        return secured is not null ? (secured, null)
            : (null, new ConnectFailure(ConnectFailureKind.Tls, $"TLS with {Address(options)} failed: {cause}"));
    }

    public static string Address(MqttClientOptions options) => $"{options.Host}:{options.Port}";

    private static ConnectFailure Describe(MqttClientOptions options, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery =>
            new ConnectFailure(ConnectFailureKind.Dns, $"the name {options.Host} has no address"),
        SocketError.ConnectionRefused =>
            new ConnectFailure(ConnectFailureKind.Refused, $"nothing listens on {Address(options)}"),
        SocketError.TimedOut =>
            new ConnectFailure(ConnectFailureKind.Timeout, $"{Address(options)} does not answer"),
        _ => new ConnectFailure(ConnectFailureKind.Unreachable, $"{Address(options)} cannot be reached: {e.Message}"),
    };
}
