using Gateway.Applying;
using Gateway.Configuration;
using Gateway.Diagnostics;
using Gateway.Hosting;
using Gateway.OutboxControl;
using Gateway.Values;
using Microsoft.Extensions.Logging;

namespace Gateway.Web;

/// <summary>All that can be asked of the running daemon: one line for each route, one file for each in <c>Routes/</c>.</summary>
internal static class ControlRoutes
{
    public static IReadOnlyList<ControlRoute> All(
        StatusCollector status, LastValues values, IOutboxControl outbox, Func<IReadOnlyList<Problem>> reload, RunningConfiguration running, Field field, ILogger log,
        ControlRoute backup) =>
    [
        PingRoute.Create(),
        StatusRoute.Create(status),
        ValuesRoute.Create(values),
        ValuesFollowRoute.Create(values),
        ReloadRoute.Create(reload),
        PlanRoute.Create(running),
        ApplyRoute.Create(running),
        ConfirmRoute.Create(running),
        OutboxListRoute.Create(outbox),
        OutboxReadRoute.Create(outbox),
        OutboxDropRoute.Create(outbox),
        OutboxRepairRoute.Create(outbox),
        FieldLinksRoute.Create(field),
        FieldAskRoute.Create(field, log),
        backup,
    ];
}
