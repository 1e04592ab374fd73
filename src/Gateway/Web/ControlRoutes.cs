using Gateway.Configuration;
using Gateway.Diagnostics;
using Gateway.OutboxControl;

namespace Gateway.Web;

/// <summary>All that can be asked of the running daemon: one line for each route, one file for each in <c>Routes/</c>.</summary>
internal static class ControlRoutes
{
    public static IReadOnlyList<ControlRoute> All(StatusCollector status, IOutboxControl outbox, Func<IReadOnlyList<Problem>> reload, ControlRoute backup) =>
    [
        PingRoute.Create(),
        StatusRoute.Create(status),
        ReloadRoute.Create(reload),
        OutboxListRoute.Create(outbox),
        OutboxReadRoute.Create(outbox),
        OutboxDropRoute.Create(outbox),
        OutboxRepairRoute.Create(outbox),
        backup,
    ];
}
