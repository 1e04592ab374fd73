using System.CommandLine;
using Gateway.Adapters.Lora;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway scan lora</c>.</summary>
internal static class ScanLoraCommand
{
    private const string Meaning = """
        Finds out which LoRa modem is on a serial port; with a link of the configuration, shows which nodes are heard.

        With --serial-port it asks at 115200, 57600 and 9600 baud what changes nothing (AT, sys get ver), and says what to paste. EBYTE's modules answer to nobody
        while they carry data: they are not found. With --link the modem is set up as that link says, and what is heard is shown for 60 s, or --for; only one
        program can have a port, so the gateway must not be running (edge-gateway status lists unknown nodes of a link with unknown: list). Nodes of the configuration
        are named; for the others there are the lines to paste.

          edge-gateway scan lora --serial-port /dev/ttyUSB0
          edge-gateway scan lora --link field --for 10m
          edge-gateway scan lora --link field --json

        The exit code is 0 when something was found or heard, 1 when not.
        """;

    private static readonly TimeSpan s_default = TimeSpan.FromSeconds(60);

    private static readonly DurationKind s_duration = new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var port = new Option<string?>("--serial-port") { Description = "The port to look at; edge-gateway ports lists them.", HelpName = "PATH" };
        var link = new Option<string?>("--link") { Description = "A lora link of the configuration, to listen with.", HelpName = "ID" };
        var duration = new Option<string?>("--for") { Description = "How long to listen, for example 30s or 10m.", HelpName = "DURATION" };
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs: one document at the end." };
        var command = new TaughtCommand("lora", Meaning) { port, link, duration, config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var scan = new LoraScan(output, error, parsed.GetValue(json));
            var limit = s_default;
            if (parsed.GetValue(duration) is { } text && !s_duration.TryParse(text, out limit))
            {
                return Misused(error, $"--for {text}: not {s_duration.Name}; write for example 30s or 10m");
            }

            if ((parsed.GetValue(port), parsed.GetValue(link)) is not (null, not null) and not (not null, null))
            {
                return Misused(error, "write --serial-port PATH to find a modem, or --link ID to listen with one of the configuration");
            }

            if (parsed.GetValue(port) is { } path)
            {
                return scan.FindAsync(path, cancellation);
            }

            var id = parsed.GetValue(link)!;
            var (configuration, problems) = ConfigurationLoader.Load(parsed.GetValue(config)!, catalog);
            if (configuration is null)
            {
                error.WriteLine($"edge-gateway: the configuration has {problems.All.Count(static p => !p.IsWarning)} errors; edge-gateway check lists them");
                return Task.FromResult(ExitCode.BadConfiguration);
            }

            return configuration.Links.FirstOrDefault(l => l.Id == id) is LoraOptions options ? scan.ListenAsync(options, [.. configuration.Devices.Where(d => d.Link.Id == id)], limit, cancellation)
                : Misused(error, $"there is no lora link \"{id}\" in the configuration{(configuration.Links.OfType<LoraOptions>().Select(static l => l.Id).ToList() is { Count: > 0 } known ? $"; there are {string.Join(", ", known)}" : "")}");
        });
        return command;
    }

    private static Task<int> Misused(TextWriter error, string problem)
    {
        error.WriteLine($"edge-gateway: {problem}");
        return Task.FromResult(ExitCode.WrongUsage);
    }
}
