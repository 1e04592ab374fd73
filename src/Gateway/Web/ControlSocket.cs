using System.Net.Sockets;

namespace Gateway.Web;

/// <summary>Where the daemon's Unix socket is: in the runtime folder that systemd made, else in the data folder.</summary>
internal static class ControlSocket
{
    public const string StatusPath = "/v1/status";

    /// <summary>The data folder that is meant, percent-encoded: the socket in the runtime folder may be another gateway's.</summary>
    public const string DataHeader = "Gateway-Data";

    /// <summary>About how many bytes an answer has.</summary>
    public const string LengthHeader = "Gateway-Length";

    private const string FileName = "control.sock";

    /// <summary>systemd's RuntimeDirectory= of the unit.</summary>
    private const string RuntimeFolder = "/run/edge-gateway";

    /// <summary>sockaddr_un's sun_path, with its final zero.</summary>
    private const int LongestPath = 108;

    /// <summary>The path on which a daemon with this data folder listens.</summary>
    /// <exception cref="IOException">The path is too long for a Unix socket.</exception>
    public static string PathFor(string data)
    {
        var folder = Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY")?.Split(':')[0];
        var path = Path.Combine(string.IsNullOrEmpty(folder) ? data : folder, FileName);
        return System.Text.Encoding.UTF8.GetByteCount(path) < LongestPath
            ? path
            : throw new IOException($"{path} is too long for a Unix socket ({LongestPath - 1} bytes); choose a shorter gateway.data");
    }

    /// <summary>Asks the daemon that works on this data folder.</summary>
    /// <returns>The answer's body, or null if none answers; then also the socket that this user may not open, if there is one.</returns>
    public static async Task<(byte[]? Body, string? Denied)> TryGetAsync(string data, string path, CancellationToken cancellation)
    {
        string? denied = null;
        foreach (var socket in Candidates(data))
        {
            try
            {
                using var handler = new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(socket, token) };
                using var client = new HttpClient(handler) { BaseAddress = new Uri("http://gateway"), Timeout = TimeSpan.FromSeconds(5) };
                return (await client.GetByteArrayAsync(path, cancellation).ConfigureAwait(false), null);
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException or IOException)
            {
                // Nobody there, or a socket that a kill left behind, or one that is not for us: the next place.
                denied ??= IsDenied(e) ? socket : null;
            }
        }

        return (null, denied);
    }

    /// <summary>Whether the socket is there, or may be, and this user may not open it.</summary>
    public static bool IsDenied(HttpRequestException error) => error.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied };

    /// <summary>Where the socket of a gateway on this data folder may be, the likeliest first.</summary>
    public static IReadOnlyList<string> Candidates(string data) =>
        [.. ((string[])[PathFor(data), Path.Combine(data, FileName), Path.Combine(RuntimeFolder, FileName)]).Distinct(StringComparer.Ordinal)];

    /// <exception cref="SocketException">Nobody is there, or this user may not connect.</exception>
    public static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
