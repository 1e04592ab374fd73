using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>One question on the control socket, and its answer.</summary>
/// <param name="context">As Kestrel has it.</param>
/// <param name="peer">Who asks.</param>
/// <param name="cancellation">The client has gone away, or the gateway stops.</param>
internal sealed class ControlExchange(HttpContext context, PeerCredentials peer, CancellationToken cancellation)
{
    /// <summary>Lines are handed on once so many bytes wait: progress is seen, and the disk is read no faster than the client takes it.</summary>
    private const int FlushBytes = 16 << 10;

    /// <summary>… and at the latest after this time.</summary>
    private static readonly TimeSpan s_flushInterval = TimeSpan.FromMilliseconds(200);

    private static readonly byte[] s_newLine = "\n"u8.ToArray();

    public PeerCredentials Peer => peer;

    public CancellationToken Cancellation => cancellation;

    /// <summary>A word of the question; null: it is not there.</summary>
    public string? Text(string name) => context.Request.Query[name] is { Count: > 0 } values && values[0] is { Length: > 0 } text ? text : null;

    /// <summary>A word that must be there.</summary>
    public string Required(string name) =>
        Text(name) ?? throw new ControlException(ControlProblem.BadRequest, $"{name} is missing in the question", "use the edge-gateway of the same version");

    public ulong? Number(string name) => Text(name) is not { } text ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ControlException(ControlProblem.BadRequest, $"{name} {text} is not a number", "use the edge-gateway of the same version");

    public bool Flag(string name) => Text(name) == "true";

    /// <summary>The document that came with the question.</summary>
    /// <exception cref="ControlException">None came, or another one.</exception>
    public async Task<T> ReadAsync<T>(JsonTypeInfo<T> type)
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, cancellation).ConfigureAwait(false) is { } document)
            {
                return document;
            }
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            throw new ControlException(ControlProblem.BadRequest, $"the question cannot be read: {e.Message}", "use the edge-gateway of the same version");
        }

        throw new ControlException(ControlProblem.BadRequest, "the question is empty", "use the edge-gateway of the same version");
    }

    /// <summary>Answers with one document.</summary>
    public Task AnswerAsync<T>(T document, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, document, type, cancellation);
    }

    /// <summary>Answers with bytes as they come. They must tell by themselves whether they are complete.</summary>
    /// <param name="length">About how many there will be, for who shows progress.</param>
    /// <param name="writeAsync">Writes them.</param>
    public Task AnswerAsync(long length, Func<Stream, Task> writeAsync)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers[ControlSocket.LengthHeader] = length.ToString(CultureInfo.InvariantCulture);
        return writeAsync(context.Response.Body);
    }

    /// <summary>Answers with a document for each line, as they come, and a last one that says that it was all.</summary>
    /// <param name="documents">The lines.</param>
    /// <param name="type">Of each.</param>
    /// <param name="isLive">Somebody waits for each line: none is held back to send more at once.</param>
    public async Task AnswerAsync<T>(IAsyncEnumerable<T> documents, JsonTypeInfo<T> type, bool isLive = false)
    {
        context.Response.ContentType = "application/jsonl";
        var writer = context.Response.BodyWriter;
        var flushed = TimeProvider.System.GetTimestamp();
        var bytes = 0;
        await foreach (var document in documents.WithCancellation(cancellation).ConfigureAwait(false))
        {
            bytes += Write(document, type);
            if (isLive || bytes >= FlushBytes || TimeProvider.System.GetElapsedTime(flushed) >= s_flushInterval)
            {
                await writer.FlushAsync(cancellation).ConfigureAwait(false);
                (bytes, flushed) = (0, TimeProvider.System.GetTimestamp());
            }
        }

        Write(new ControlEndDocument(true), ControlJson.Default.ControlEndDocument);
        await writer.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Answers with what happens, a document for each line, until nobody listens. The next is asked for when the client has taken the last.</summary>
    public async Task FollowAsync<T>(IAsyncEnumerable<IReadOnlyList<T>> batches, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/jsonl";
        await foreach (var batch in batches.WithCancellation(cancellation).ConfigureAwait(false))
        {
            foreach (var document in batch)
            {
                Write(document, type);
            }

            await context.Response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Answers with what is wrong; in the midst of a long answer as its last line.</summary>
    public async Task RefuseAsync(ControlException problem)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = (int)problem.Problem;
            context.Response.ContentType = "application/json";
        }

        Write(new ControlErrorDocument(problem.Message, problem.Remedy), ControlJson.Default.ControlErrorDocument);
        await context.Response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private int Write<T>(T document, JsonTypeInfo<T> type)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(document, type);
        System.Buffers.BuffersExtensions.Write(context.Response.BodyWriter, line);
        System.Buffers.BuffersExtensions.Write(context.Response.BodyWriter, s_newLine);
        return line.Length + s_newLine.Length;
    }
}
