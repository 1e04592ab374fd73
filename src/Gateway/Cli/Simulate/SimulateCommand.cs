using System.CommandLine;
using System.Net.Sockets;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>edge-gateway simulate</c>: the devices of the user's own configuration, without hardware.</summary>
internal static class SimulateCommand
{
    private static readonly string s_meaning = $"""
        Simulates every Modbus, Bluetooth and LoRa device of a configuration, so that it can be tried before anything is wired.

        Each link gets a simulated far end: a port on this machine, or a pseudo-terminal for a serial line. Its points hold plausible values that move; what may
        be written keeps what is written. A link to 127.0.0.1 is served exactly where it points, so the gateway runs on the same configuration in another
        window; for the others it prints the entry of links to put in place meanwhile. A TLS link is served with throw-away certificates of both sides, which
        are in a temporary folder until the end.

        Bluetooth devices advertise once a second on a bus of their own, by a stand-in for bluetoothd (Debian: dbus python3-dbus python3-gi); what is encrypted is
        encrypted with the device's own key. A device whose decoder is left open sends BTHome. Characteristics hold values, and keep what is written to them.

        --run starts a gateway as well: on these devices, with a broker on a free port of 127.0.0.1, a data folder of its own that is removed at the end, and
        without bridges, so that nothing simulated reaches a cloud.

          edge-gateway simulate --config gateway.yaml
          edge-gateway simulate --config gateway.yaml --run
          edge-gateway simulate --config gateway.yaml --faults late,silent,exception --rate 5%
          edge-gateway simulate --config gateway.yaml --faults bad-day.yaml

        --faults with words: each request meets one of them by chance (--rate), where it can happen on its link:
        {string.Join("\n", FaultWords.Lesson)}

        --faults with a file says who, when and how often as well; config/simulate/faults.yaml is one to begin with:

          faults:
            - {"{ kinds: [late, silent], share: 5% }"}                        # everywhere, by chance
            - {"{ device: boiler-7, kinds: exception, every-nth: 10 }"}       # each tenth request to this device
            - {"{ link: rs485-1, kinds: silent, from: 30s, until: 60s }"}     # the whole line, for half a minute

        {HelpText.Of(FaultTable.Kind(null).Keys).TrimEnd()}

        It goes on until Ctrl+C. The exit code is 0; 1 when a port is taken; 78 for a broken configuration or fault plan.
        """;

    private const string DefaultShare = "10%";

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        var run = new Option<bool>("--run") { Description = "Start a gateway on the simulated devices as well." };
        var faults = new Option<string?>("--faults") { Description = "What goes wrong: words with commas between them, or a file; see below.", HelpName = "LIST|FILE" };
        var rate = new Option<string?>("--rate") { Description = $"With words: how many of the requests go wrong; {DefaultShare} unless named.", HelpName = "SHARE" };
        var command = new TaughtCommand("simulate", s_meaning) { config, run, faults, rate };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var wanted = parsed.GetValue(faults);
            var isFile = wanted is not null && IsFile(wanted);
            var text = parsed.GetValue(rate) ?? DefaultShare;
            string? problem = null;
            var words = wanted is null || isFile ? [] : FaultWords.Parse(wanted, out problem);
            var isShare = ShareKind.Instance.TryParse(text, out var share);
            problem ??= !isShare ? $"--rate {text}: write a share, for example 5%"
                : parsed.GetValue(rate) is not null && words.Count == 0 ? isFile ? "--rate belongs to words; in a file each entry has its share" : "--rate belongs to --faults"
                : null;
            if (problem is not null)
            {
                error.WriteLine($"edge-gateway: {problem}");
                return ExitCode.WrongUsage;
            }

            var (configuration, problems) = ConfigurationLoader.Load(parsed.GetValue(config)!, catalog);
            var mistakes = new ProblemList();
            var script = configuration is null || !isFile ? FaultScript.Of(words, share) : FaultFile.Read(wanted!, configuration, mistakes);
            if (configuration is null || script is null)
            {
                (configuration is null ? problems : mistakes).WriteTo(error);

                return ExitCode.BadConfiguration;
            }

            using var stop = new StopSignals(cancellation);
            try
            {
                return await new Simulation(configuration, catalog, output, error).RunAsync(script, parsed.GetValue(run), stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or IOException or StartException)
            {
                error.WriteLine($"edge-gateway: {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static bool IsFile(string text) => text.Contains('/', StringComparison.Ordinal) || Path.GetExtension(text).Length > 0 || File.Exists(text);
}
