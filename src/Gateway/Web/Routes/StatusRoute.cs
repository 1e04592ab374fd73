using Gateway.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>How the gateway is.</summary>
internal static class StatusRoute
{
    public static ControlRoute Create(StatusCollector status) =>
        new(HttpMethods.Get, ControlSocket.StatusPath, ControlAccess.Everyone, exchange => exchange.AnswerAsync(status.Collect(), StatusJson.Default.StatusReport));
}
