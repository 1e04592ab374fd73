using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Web;

/// <summary>Asks the running daemon over its control socket.</summary>
internal sealed class ControlClient : IDisposable
{
    /// <summary>How a line of a long answer begins that is not part of it.</summary>
    private const string ControlLine = "{\"$";

    /// <summary>A gateway that is alive answers a ping at once.</summary>
    private static readonly TimeSpan s_pingPatience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    private ControlClient(string socket, string data)
    {
        var handler = new SocketsHttpHandler { ConnectCallback = (_, token) => ControlSocket.ConnectAsync(socket, token), UseProxy = false };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://gateway"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Add(ControlSocket.DataHeader, Uri.EscapeDataString(data));
    }

    /// <summary>The daemon that works on this data folder.</summary>
    /// <returns>null: none answers; and the socket that this user may not open, if there is one.</returns>
    public static async Task<(ControlClient? Client, string? Denied)> FindAsync(string data, CancellationToken cancellation)
    {
        string? denied = null;
        foreach (var socket in ControlSocket.Candidates(data))
        {
            var client = new ControlClient(socket, data);
            try
            {
                await client.AskAsync(HttpMethod.Get, PingRoute.Path, ControlJson.Default.ControlEndDocument, cancellation).WaitAsync(s_pingPatience, cancellation).ConfigureAwait(false);
                return (client, null);
            }
            catch (ControlException e) when (e.Problem == ControlProblem.OtherGateway)
            {
                client.Dispose();
            }
            catch (TimeoutException)
            {
                client.Dispose();
                throw new ControlException(ControlProblem.Unavailable, $"the gateway behind {socket} does not answer", "look at its log and the machine's load, or restart it");
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException or IOException)
            {
                // Nobody there, or a socket that a kill left behind, or one that is not for us: the next place.
                client.Dispose();
                denied ??= ControlSocket.IsDenied(e) ? socket : null;
            }
        }

        return (null, denied);
    }

    /// <summary>Asks for one document.</summary>
    /// <exception cref="ControlException">It was refused.</exception>
    public async Task<T> AskAsync<T>(HttpMethod method, string question, JsonTypeInfo<T> type, CancellationToken cancellation, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, question) { Content = content };
        using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false) ?? throw Broken();
    }

    /// <summary>Asks for a long answer. Who stops reading ends it.</summary>
    /// <exception cref="ControlException">It was refused, or broke off.</exception>
    public async IAsyncEnumerable<T> LinesAsync<T>(
        HttpMethod method, string question, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellation, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, question) { Content = content };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        while (await NextAsync(lines, cancellation).ConfigureAwait(false) is { } line)
        {
            yield return JsonSerializer.Deserialize(line, type) ?? throw Broken();
        }
    }

    /// <summary>Asks for bytes.</summary>
    /// <param name="question">Path and query.</param>
    /// <param name="readAsync">Gets them, and about how many there will be (0: unknown).</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ControlException">It was refused, or broke off.</exception>
    public async Task ReadAsync(string question, Func<Stream, long, Task> readAsync, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, question);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        var length = response.Headers.TryGetValues(ControlSocket.LengthHeader, out var values) && long.TryParse(values.FirstOrDefault(), out var bytes) ? bytes : 0;
        try
        {
            await readAsync(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), length).ConfigureAwait(false);
        }
        catch (HttpIOException)
        {
            throw Broken();
        }
    }

    public void Dispose() => _http.Dispose();

    /// <returns>null: that was all.</returns>
    private static async Task<string?> NextAsync(StreamReader lines, CancellationToken cancellation)
    {
        string? line;
        try
        {
            line = await lines.ReadLineAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Broken();
        }

        if (line is null)
        {
            throw Broken();
        }

        if (!line.StartsWith(ControlLine, StringComparison.Ordinal))
        {
            return line;
        }

        return JsonSerializer.Deserialize(line, ControlJson.Default.ControlErrorDocument) is { Error: { } error } problem
            ? throw new ControlException(ControlProblem.Failed, error, problem.Remedy)
            : null;
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var text = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        if (text.StartsWith(ControlLine, StringComparison.Ordinal) && JsonSerializer.Deserialize(text, ControlJson.Default.ControlErrorDocument) is { } problem)
        {
            throw new ControlException((ControlProblem)response.StatusCode, problem.Error, problem.Remedy);
        }

        throw new ControlException(
            ControlProblem.NotFound, $"the running gateway does not know {response.RequestMessage?.RequestUri?.AbsolutePath}", "restart it, so that it has the version of this command");
    }

    private static ControlException Broken() =>
        new(ControlProblem.Unavailable, "the answer broke off: the gateway stopped or was restarted", "ask again");
}
