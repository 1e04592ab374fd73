using System.Globalization;
using System.Text;
using Gateway.Cli;
using Gateway.Core;

namespace Gateway;

/// <summary>What each link will ask, for people.</summary>
internal static class PollPlanText
{
    /// <summary>4: the rest of the names is in <c>--json</c>.</summary>
    private const int MostNames = 4;

    public static string Of(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog)
    {
        var text = new StringBuilder();
        foreach (var (link, plan) in PollPlans.Of(configuration, catalog))
        {
            if (plan is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"\nplan     {link.Id}: not polled\n");
            }
            else
            {
                Append(text, link, plan);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, LinkOptions link, LinkPlan plan)
    {
        var bytes = plan.Requests.Sum(r => (r.RequestBytes + r.ResponseBytes) / r.Every.TotalSeconds);
        var polls = plan.Requests.Sum(r => 1 / r.Every.TotalSeconds);
        text.Append(CultureInfo.InvariantCulture, $"\nplan     {link.Id}: {Words.Count(plan.Requests.Count, "read")}, {polls:0.##} requests/s, {bytes:0} bytes/s on the wire\n");
        Columns.Append(text, [.. plan.Requests.Select(Row)], "  ");
        if (plan.Load is { } load)
        {
            Append(text, load);
        }
    }

    private static string[] Row(PlannedRequest request) =>
    [
        request.Device,
        request.Address,
        request.Function,
        request.Range,
        $"every {ConfigurationWords.Duration(request.Every)}",
        $"{request.RequestBytes} + {request.ResponseBytes} bytes",
        request.WireTime is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms") : "",
        $"{Words.Count(request.Points.Count, "point")}: {string.Join(", ", request.Points.Take(MostNames))}{(request.Points.Count > MostNames ? ", …" : "")}",
    ];

    private static void Append(StringBuilder text, WireLoad load)
    {
        text.Append(CultureInfo.InvariantCulture, $"  load     {load.Wire:P0} of the wire's time; {load.Likely:P0} if each device takes {load.Turnaround.TotalMilliseconds:0} ms to answer\n");
        if (load.Wire > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"  warning: this line cannot carry it: about {1 - (1 / load.Wire):P0} of the polls will be left out, all intervals stretched alike; {load.Remedy}\n");
        }
        else if (load.Likely > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"  warning: this line can carry it only if its devices answer faster than that; else polls come late and some are left out; {load.Remedy}\n");
        }
        else if (load.Likely > WireLoad.NearlyFull)
        {
            text.Append(CultureInfo.InvariantCulture, $"  warning: nearly full: little room for commands, devices that are slow, and requests without an answer; {load.Remedy}\n");
        }
    }
}
