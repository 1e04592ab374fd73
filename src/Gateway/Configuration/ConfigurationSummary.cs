using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Core;

namespace Gateway;

/// <summary>What a configuration would run, for people.</summary>
public static class ConfigurationSummary
{
    public static string Of(GatewayConfiguration configuration)
    {
        var text = new StringBuilder();
        var plan = TopicPlan.Of(configuration);
        text.Append(CultureInfo.InvariantCulture, $"{string.Join(", ", configuration.Files)}: good\n\n");
        text.Append(CultureInfo.InvariantCulture, $"gateway  {configuration.Gateway.Id ?? "(its id is made at the first start)"}, topics below {configuration.Gateway.Root}\n");
        text.Append(CultureInfo.InvariantCulture, $"data     {configuration.Gateway.Data}\n");
        foreach (var listener in configuration.Broker.Listeners)
        {
            text.Append(CultureInfo.InvariantCulture, $"broker   {new IPEndPoint(IPAddress.Parse(listener.Bind), listener.Port)}, {Transport(listener)}{Access(configuration.Broker, listener)}\n");
        }

        foreach (var link in configuration.Links)
        {
            text.Append(CultureInfo.InvariantCulture, $"link     {link.Id}: {link.Type} at {link.Address}{(link.Facts is { } facts ? $", {facts}" : "")}\n");
            Append(text, link, configuration);
        }

        foreach (var device in configuration.Devices)
        {
            Append(text, device, plan);
        }

        foreach (var bridge in configuration.Bridges)
        {
            Append(text, bridge, configuration, plan);
        }

        return text.ToString();
    }

    private static string Transport(ListenerOptions listener) => listener.Tls is not { } tls ? ""
        : tls.Clients == ClientCertificates.None ? "TLS, "
        : $"TLS with certificates of clients ({tls.Clients.ToString().ToLowerInvariant()}), ";

    private static string Access(BrokerOptions broker, ListenerOptions listener) =>
        broker.AclFile is { } acl ? $"{Who(broker, listener)}, rights by {acl}" : Who(broker, listener);

    private static string Who(BrokerOptions broker, ListenerOptions listener) =>
        broker.PasswordFile is { } file ? $"users of {file}{(broker.Anonymous ? ", and anybody" : "")}"
        : broker.Anonymous ? "anybody"
        : IPAddress.IsLoopback(IPAddress.Parse(listener.Bind)) ? "anybody on this machine"
        : "users of the data folder (the first is made at the first start), and anybody on this machine";

    private static void Append(StringBuilder text, DeviceOptions device, IReadOnlyList<PlannedTopic> plan)
    {
        var own = plan.Where(t => t.Device == device.Id).ToList();
        text.Append(CultureInfo.InvariantCulture, $"device   {device.Id} on {device.Link.Id}, {own.First(t => t.Kind == "status").Topic}\n");
        if (device.Template is { } template)
        {
            text.Append(CultureInfo.InvariantCulture, $"  template {template.Name}: {template.Device} ({template.Source}), from {template.File}{(template.IsUnverified ? "; unverified" : "")}\n");
        }

        var shared = own.FirstOrDefault(t => t.Kind == "device-telemetry")?.Topic;
        var telemetry = own.Where(t => t.Kind == "telemetry").ToList();
        var sets = own.Where(t => t.Kind == "set").ToList();
        var rows = device.Points.Select((point, i) => new[]
        {
            point.Id,
            point.Address.ToString(),
            point.Unit ?? "",
            point.Address.IsPolled ? $"every {ConfigurationWords.Duration(point.Every)}" : "when heard",
            shared ?? telemetry[i].Topic,
            Reported(point.Report),
            point.Write is { } write ? $"writable{Bounds(write)} by {sets[i].Topic}" : "",
        }).ToList();
        if (device.FindsPoints)
        {
            rows.Add(["(whatever it says)", "", "", "when heard", shared ?? telemetry[0].Topic, "", ""]);
        }

        Columns.Append(text, rows, "  ");
    }

    /// <summary>Devices that nobody has written down: which, and where they will be.</summary>
    private static void Append(StringBuilder text, LinkOptions link, GatewayConfiguration configuration)
    {
        if (link.LetsIn is not { } letIn)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"  lets in {string.Join(", ", letIn.Patterns.Select(static p => $"\"{p}\""))} as {letIn.Id}, {letIn.Limit} at most; edge-gateway status names them, with the lines for devices\n");
        Columns.Append(text, [.. TopicPlan.OfLetIn(configuration, link, letIn).Select(static t => new[] { t.Kind, t.Topic })], "    ");
    }

    private static string Reported(ReportOptions report) => report.When switch
    {
        ReportWhen.Always => "",
        ReportWhen.AtLeast => $"reported every {ConfigurationWords.Duration(report.AtLeast)}",
        _ => $"{(report.Change.Amount == 0 ? "on every change" : $"on a change of {report.Change}")}, at least every {ConfigurationWords.Duration(report.AtLeast)}",
    };

    private static string Bounds(WriteOptions write) => (write.Min, write.Max) switch
    {
        ({ } min, { } max) => $" from {min} to {max}",
        ({ } min, null) => $" from {min}",
        (null, { } max) => $" up to {max}",
        _ => "",
    };

    private static void Append(StringBuilder text, BridgeOptions bridge, GatewayConfiguration configuration, IReadOnlyList<PlannedTopic> plan)
    {
        var client = bridge.ClientId ?? configuration.Gateway.Id ?? "(the gateway's id)";
        text.Append(CultureInfo.InvariantCulture, $"bridge   {bridge.Id} to {string.Join(", then ", bridge.Servers)} as {client}\n");
        var rows = new List<string[]>();
        foreach (var rule in bridge.Forward)
        {
            rows.AddRange(RuleTopics.Local(rule, plan).Select(filter => new[]
            {
                "up", rule.Preset ?? "", filter,
                rule.LocalPrefix != rule.RemotePrefix ? $"as {rule.RemotePrefix}{rule.Filter}" : "",
                $"QoS {(int)rule.Qos}",
            }));
        }

        foreach (var rule in bridge.Import)
        {
            rows.AddRange(RuleTopics.Remote(rule, plan).Select(filter => new[]
            {
                "down", rule.Preset ?? "", filter, rule.LocalPrefix != rule.RemotePrefix ? $"as {rule.LocalPrefix}{rule.Filter}" : "", "",
            }));
        }

        Columns.Append(text, rows, "  ");
        var outbox = bridge.Outbox;
        text.Append(CultureInfo.InvariantCulture, $"  keeps {ConfigurationWords.Limits(outbox.Limits)}; readings durable after {ConfigurationWords.Duration(outbox.Commit)}\n");
        foreach (var (lane, limits) in outbox.Lanes.OrderBy(l => l.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"  lane {Storage.LaneNames.Name(lane)} keeps {ConfigurationWords.Limits(limits)}\n");
        }
    }
}
