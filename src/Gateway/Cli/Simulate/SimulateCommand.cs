using System.CommandLine;
using System.Net.Sockets;
using Gateway.Core;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>edge-gateway simulate</c>: the devices of the user's own configuration, without hardware.</summary>
internal static class SimulateCommand
{
    private static readonly string s_meaning = $"""
        Simulates every Modbus device of a configuration, so that it can be tried before anything is wired.

        Each link gets a simulated far end: a port on this machine, or a pseudo-terminal for a serial line. Its points hold plausible values that move; what may
        be written keeps what is written. A link to 127.0.0.1 is served exactly where it points, so the gateway runs on the same configuration in another
        window; for the others it prints the entry of links to put in place meanwhile.

        --run starts a gateway as well: on these devices, with a broker on a free port of 127.0.0.1, a data folder of its own that is removed at the end, and
        without bridges, so that nothing simulated reaches a cloud.

          edge-gateway simulate --config gateway.yaml
          edge-gateway simulate --config gateway.yaml --run
          edge-gateway simulate --config gateway.yaml --faults late,silent,exception --rate 5%

        --faults, of which each request meets one by chance:
        {string.Join("\n", FaultWords.Lesson)}

        It goes on until Ctrl+C. The exit code is 0; 1 when a port is taken; 78 for a broken configuration.
        """;

    private const string DefaultShare = "10%";

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        var run = new Option<bool>("--run") { Description = "Start a gateway on the simulated devices as well." };
        var faults = new Option<string?>("--faults") { Description = "What goes wrong, words with commas between them; see below.", HelpName = "LIST" };
        var rate = new Option<string?>("--rate") { Description = $"How many of the requests go wrong; {DefaultShare} unless named.", HelpName = "SHARE" };
        var command = new TaughtCommand("simulate", s_meaning) { config, run, faults, rate };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var wrong = FaultWords.Parse(parsed.GetValue(faults), out var problem);
            var text = parsed.GetValue(rate) ?? DefaultShare;
            var isShare = FaultWords.TryShare(text, out var share);
            problem ??= !isShare ? $"--rate {text}: write a share, for example 5%"
                : parsed.GetValue(rate) is not null && wrong.Count == 0 ? "--rate belongs to --faults"
                : null;
            if (problem is not null)
            {
                error.WriteLine($"edge-gateway: {problem}");
                return ExitCode.WrongUsage;
            }

            var (configuration, problems) = ConfigurationLoader.Load(parsed.GetValue(config)!, catalog);
            if (configuration is null)
            {
                problems.WriteTo(error);

                return ExitCode.BadConfiguration;
            }

            using var stop = new StopSignals(cancellation);
            try
            {
                return await new Simulation(configuration, catalog, output, error).RunAsync(wrong, share, parsed.GetValue(run), stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or IOException or StartException)
            {
                error.WriteLine($"edge-gateway: {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
