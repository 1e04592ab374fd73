using Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Web;

/// <summary>Answers on the control socket, and only there: who asks is known, so much is asked at once and no more, and what fails is said with its remedy.</summary>
internal sealed class ControlServer(string data, CancellationToken stopping, ILogger log)
{
    /// <summary>Long answers at the same time: as many as people look at.</summary>
    private const int MostAtOnce = 8;

    /// <summary>Most questions stand in the query; the largest body is a configuration, whose files may have 4 MiB each.</summary>
    private const long LargestBody = 16 << 20;

    private readonly SemaphoreSlim _free = new(MostAtOnce);

    /// <summary>Makes the application answer these routes.</summary>
    /// <param name="web">The application whose control socket Kestrel listens on.</param>
    /// <param name="routes">What can be asked.</param>
    /// <param name="data">The data folder on which this gateway works.</param>
    public static void Map(WebApplication web, IReadOnlyList<ControlRoute> routes, string data)
    {
        var stopping = web.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var server = new ControlServer(data, stopping, web.Services.GetRequiredService<ILoggerFactory>().CreateLogger<ControlServer>());
        foreach (var route in routes)
        {
            web.MapMethods(route.Path, [route.Method], (RequestDelegate)(context => server.ServeAsync(context, route)));
        }
    }

    private async Task ServeAsync(HttpContext context, ControlRoute route)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket || PeerCredentials.Of(socket) is not { } peer)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        Unhurry(context);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var exchange = new ControlExchange(context, peer, ended.Token);
        try
        {
            Admit(context, route, peer);
            await ServeBoundedAsync(exchange, route).ConfigureAwait(false);
        }
        catch (ControlException e)
        {
            await RefuseAsync(exchange, e).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JournalException or IOException or UnauthorizedAccessException && !ended.IsCancellationRequested)
        {
            await RefuseAsync(exchange, new ControlException(ControlProblem.Failed, e.Message, "see the gateway's log and edge-gateway status")).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client sees that the last line is missing, or is not there to see anything. One that does not read must not hold up the end.
            if (context.Response.HasStarted)
            {
                context.Abort();
            }
        }
        catch (Exception e)
        {
            WebLog.Defect(log, e, route.Path);
            await RefuseAsync(exchange, new ControlException(ControlProblem.Failed, "the gateway made a mistake", "please report what its log says of it")).ConfigureAwait(false);
        }
    }

    /// <summary>A person who reads page by page is no attacker.</summary>
    private static void Unhurry(HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = LargestBody;
        }
    }

    private static async Task RefuseAsync(ControlExchange exchange, ControlException problem)
    {
        try
        {
            await exchange.RefuseAsync(problem).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Nobody is there to hear it.
        }
    }

    private void Admit(HttpContext context, ControlRoute route, PeerCredentials peer)
    {
        if (context.Request.Headers[ControlSocket.DataHeader] is { Count: > 0 } wanted && Uri.UnescapeDataString(wanted[0] ?? "") is var folder && folder != data)
        {
            throw new ControlException(ControlProblem.OtherGateway, $"the gateway that answers works on {data}, not on {folder}", "name its configuration with --config");
        }

        if (route.Access == ControlAccess.Operators && !peer.IsOperator)
        {
            throw new ControlException(
                ControlProblem.Forbidden, $"user {peer.User} may ask how the gateway is, but not this", "run it with sudo, or as a member of the gateway's group");
        }
    }

    private async Task ServeBoundedAsync(ControlExchange exchange, ControlRoute route)
    {
        if (route.Access == ControlAccess.Everyone)
        {
            await route.ServeAsync(exchange).ConfigureAwait(false);
            return;
        }

        if (!await _free.WaitAsync(TimeSpan.Zero, exchange.Cancellation).ConfigureAwait(false))
        {
            throw new ControlException(ControlProblem.Unavailable, $"{MostAtOnce} questions are being answered already", "end one of them, or ask again in a moment");
        }

        try
        {
            await route.ServeAsync(exchange).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }
}
