using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Gateway.OutboxControl;
using Gateway.Storage;
using Gateway.Web;

namespace Gateway.Tests.Web;

public sealed class ControlServerTests
{
    private const string Path = "/v1/test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_ComeOneByOne_WhileTheAnswerIsStillBeingMade()
    {
        var go = new TaskCompletionSource();
        await using var site = await ControlSite.StartAsync(null, Streaming(c => CountAsync(3, go.Task, c)));
        using var client = await site.ClientAsync();

        var seen = new List<ulong?>();
        await foreach (var line in LinesOf(client))
        {
            seen.Add(line.Seq);
            if (line.Seq == 2)
            {
                go.SetResult();
            }
        }

        Assert.Equal([1UL, 2UL, 3UL], seen);
    }

    [Fact]
    public async Task ClientGoesAway_TheWorkIsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        await using var site = await ControlSite.StartAsync(null, Streaming(c => EndlessAsync(cancelled, c)));
        using var client = await site.ClientAsync();

        await foreach (var _ in LinesOf(client))
        {
            break;
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task GatewayStops_ALongAnswerEndsAndTheClientKnowsThatItIsNotWhole()
    {
        var cancelled = new TaskCompletionSource();
        await using var site = await ControlSite.StartAsync(null, Streaming(c => EndlessAsync(cancelled, c)));
        using var client = await site.ClientAsync();
        await using var lines = LinesOf(client).GetAsyncEnumerator(Cancellation);
        Assert.True(await lines.MoveNextAsync());

        await site.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.True(cancelled.Task.IsCompleted);
        var broken = await Assert.ThrowsAsync<ControlException>(async () =>
        {
            while (await lines.MoveNextAsync())
            {
                // Those that were under way.
            }
        });
        Assert.Contains("the answer broke off", broken.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_BeforeOrInTheMidst_ArrivesWithItsRemedy()
    {
        await using var site = await ControlSite.StartAsync(
            null,
            new ControlRoute("GET", "/v1/none", ControlAccess.Operators, _ => throw new ControlException(ControlProblem.NotFound, "no such thing", "name another")),
            new ControlRoute("GET", "/v1/journal", ControlAccess.Operators, _ => throw new JournalException("the journal cannot be written")),
            new ControlRoute("GET", "/v1/defect", ControlAccess.Operators, _ => throw new InvalidOperationException("secret")),
            Streaming(FailAsync));
        using var client = await site.ClientAsync();

        Assert.Equal("no such thing; name another", (await RefusalAsync(client, "/v1/none")).Line);
        Assert.Equal((ControlProblem.Failed, "the journal cannot be written"), Of(await RefusalAsync(client, "/v1/journal")));
        Assert.Equal((ControlProblem.Failed, "the gateway made a mistake"), Of(await RefusalAsync(client, "/v1/defect")));
        Assert.Contains("does not know /v1/newer", (await RefusalAsync(client, "/v1/newer")).Line, StringComparison.Ordinal);

        var seen = new List<ulong?>();
        var midst = await Assert.ThrowsAsync<ControlException>(async () =>
        {
            await foreach (var line in LinesOf(client))
            {
                seen.Add(line.Seq);
            }
        });
        Assert.Equal([1UL], seen);
        Assert.Equal("it went wrong; look there", midst.Line);
    }

    [Fact]
    public async Task TooManyLongAnswers_AreRefused_TheRestGoesOn()
    {
        var go = new TaskCompletionSource();
        await using var site = await ControlSite.StartAsync(null, Streaming(c => CountAsync(3, go.Task, c)));
        using var client = await site.ClientAsync();
        var others = new List<IAsyncEnumerator<OutboxLine>>();
        for (var i = 0; i < 8; i++)
        {
            others.Add(LinesOf(client).GetAsyncEnumerator(Cancellation));
            Assert.True(await others[i].MoveNextAsync());
        }

        Assert.Equal(ControlProblem.Unavailable, (await RefusalAsync(client, Path)).Problem);
        using (await site.ClientAsync())
        {
            go.SetResult();
        }

        foreach (var other in others)
        {
            Assert.True(await other.MoveNextAsync());
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task OtherDataFolder_NobodyIsFound()
    {
        await using var site = await ControlSite.StartAsync("/somewhere/else");

        Assert.Equal((null, null), await ControlClient.FindAsync(site.Data, Cancellation));
    }

    [Fact]
    public void Peer_OfUnixSocket_IsWhoConnected()
    {
        using var folder = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"peer-{Guid.NewGuid():N}.sock");
        folder.Bind(new UnixDomainSocketEndPoint(path));
        folder.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));
        using var accepted = folder.Accept();
        File.Delete(path);

        var peer = Assert.NotNull(PeerCredentials.Of(accepted));

        Assert.True(peer.IsOperator);
        Assert.False((peer with { User = 4_000_000_000, Groups = [4_000_000_000] }).IsOperator);
        Assert.True((peer with { User = 4_000_000_000 }).IsOperator);
        Assert.True((peer with { User = 0, Groups = [4_000_000_000] }).IsOperator);
        using var network = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Null(PeerCredentials.Of(network));
    }

    private static ControlRoute Streaming(Func<CancellationToken, IAsyncEnumerable<OutboxLine>> lines) =>
        new("GET", Path, ControlAccess.Operators, exchange => exchange.AnswerAsync(lines(exchange.Cancellation), OutboxJson.Lines.OutboxLine));

    private static IAsyncEnumerable<OutboxLine> LinesOf(ControlClient client) => client.LinesAsync(HttpMethod.Get, Path, OutboxJson.Lines.OutboxLine, Cancellation);

    private static Task<ControlException> RefusalAsync(ControlClient client, string path) =>
        Assert.ThrowsAsync<ControlException>(() => client.AskAsync(HttpMethod.Get, path, ControlJson.Default.ControlEndDocument, Cancellation));

    private static (ControlProblem Problem, string Message) Of(ControlException e) => (e.Problem, e.Message);

    /// <summary>Large enough that each goes out by itself; after the second it waits.</summary>
    private static async IAsyncEnumerable<OutboxLine> CountAsync(int count, Task go, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = 1; i <= count; i++)
        {
            if (i == 3)
            {
                await go.WaitAsync(cancellation);
            }

            yield return Line((ulong)i);
        }
    }

    private static async IAsyncEnumerable<OutboxLine> EndlessAsync(TaskCompletionSource cancelled, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var registration = cancellation.Register(cancelled.SetResult);
        for (var i = 1UL; ; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return Line(i);
        }
    }

    private static async IAsyncEnumerable<OutboxLine> FailAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Task.Yield();
        yield return Line(1);
        throw new ControlException(ControlProblem.Failed, "it went wrong", "look there");
    }

    private static OutboxLine Line(ulong seq) => new() { Seq = seq, Payload = new string('x', 20_000) };
}
