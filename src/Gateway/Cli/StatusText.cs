using Gateway.Diagnostics;

namespace Gateway.Cli;

/// <summary>A status report for people.</summary>
internal static class StatusText
{
    public static void Write(StatusReport report, TextWriter output)
    {
        var gateway = report.Gateway;
        output.WriteLine($"{gateway.Id}: {report.Summary}");
        output.WriteLine($"  version {gateway.Version}, up {TimeSpan.FromSeconds(gateway.UptimeSeconds)}, start {gateway.Boot}, clock {gateway.Clock}");
        Remedy(output, gateway.Remedy);
        WriteConfiguration(report.Configuration, output);
        output.WriteLine("links");
        foreach (var link in report.Links)
        {
            output.WriteLine($"  {link.Id,-20} {link.Type} {link.Address}: {link.Text}");
            Remedy(output, link.Remedy);
        }

        output.WriteLine("devices");
        foreach (var device in report.Devices)
        {
            output.WriteLine($"  {device.Id,-20} {device.Status}{(device.Since is { } since ? $" since {since:u}" : "")}{(device.Reason is null ? "" : $": {device.Reason}")}{(device.FoundBy is null ? "" : $", let in on {device.Link} by \"{device.FoundBy}\"")}");

            // A line that is down has said it for all devices behind it.
            Remedy(output, report.Links.Any(l => l.Id == device.Link && l.Remedy == device.Remedy) ? null : device.Remedy);
            Remedy(output, device.Yaml is null ? null : $"to name it, in devices: - {device.Yaml}");
        }

        var broker = report.Broker;
        output.WriteLine($"broker on {string.Join(", ", broker.Listeners)}");
        output.WriteLine($"  {broker.Clients} clients, {broker.Sessions} sessions, {broker.Retained} retained, {broker.QueuedBytes} bytes queued, {broker.Received} received, {broker.Sent} sent");
        foreach (var (reason, count) in broker.Dropped)
        {
            output.WriteLine($"  dropped {count}: {reason}");
        }

        foreach (var notice in broker.Access)
        {
            output.WriteLine($"  {notice.Text}");
            Remedy(output, notice.Remedy);
        }

        output.WriteLine($"storage {report.Storage.State}{(report.Storage.Text is null ? "" : $": {report.Storage.Text}")}, {(report.Storage.Bytes < 0 ? "unknown" : $"{report.Storage.Bytes}")} bytes on disk");
        if (report.Storage.Wear is { } wear)
        {
            output.WriteLine($"  {wear.Text}");
            Remedy(output, wear.Remedy);
        }

        foreach (var stream in report.Storage.Streams)
        {
            output.WriteLine($"  {stream.Stream,-20} {stream.Waiting} waiting, {stream.Bytes} bytes, next {stream.Next}, dropped {stream.Dropped}");
            foreach (var before in stream.Previous?.Where(static e => e.Oldest < e.Next) ?? [])
            {
                output.WriteLine($"{"",-23}first {before.Oldest} to {before.Next - 1} of epoch {before.Epoch}, from before the data folder came here");
            }
        }

        output.WriteLine("bridges");
        foreach (var bridge in report.Bridges)
        {
            output.WriteLine($"  {bridge.Id,-20} {bridge.State}{(bridge.Server is null ? "" : $" {bridge.Server}")}{(bridge.Text is null ? "" : $": {bridge.Text}")}");
            Remedy(output, bridge.Remedy);
        }
    }

    private static void WriteConfiguration(ConfigurationSection configuration, TextWriter output)
    {
        output.WriteLine($"  configuration {configuration.File}, since {configuration.Since:u}, from {configuration.From}");
        if (configuration is { OnTrial: { } file, WatchedUntil: { } until })
        {
            output.WriteLine($"  on trial in its place: {file}, watched until {until:u}");
        }

        if (configuration.RolledBack is { } rolledBack)
        {
            output.WriteLine($"  {rolledBack}");
        }
    }

    private static void Remedy(TextWriter output, string? remedy)
    {
        if (!string.IsNullOrEmpty(remedy))
        {
            output.WriteLine($"{"",-23}→ {remedy}");
        }
    }
}
