using System.Text.Json;
using Gateway.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>What the daemon answers on its control socket.</summary>
internal static class ControlServer
{
    public static void Map(WebApplication web, StatusCollector status) =>
        web.MapGet(ControlSocket.StatusPath, (RequestDelegate)(context =>
        {
            context.Response.ContentType = "application/json";
            return JsonSerializer.SerializeAsync(context.Response.Body, status.Collect(), StatusJson.Default.StatusReport, context.RequestAborted);
        }));
}
