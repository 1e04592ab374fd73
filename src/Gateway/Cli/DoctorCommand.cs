using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core;
using Gateway.Doctor;
using Gateway.Machine;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary><c>edge-gateway doctor</c>: everything that can be wrong outside of the gateway.</summary>
internal static class DoctorCommand
{
    private const string Meaning = """
        Looks for everything around the gateway that can be wrong, and says what to do.

        In this order: clock, disk, files, users' rights, network, lines and radios, brokers upstream, the gateway itself, its devices.

        It changes nothing and does not disturb a running gateway: upstream it logs in under a client id of its own, which ends in -doctor.
        The devices are those of the running gateway; when none runs, each is read from for a few seconds as the gateway would.
        Causes stand before what they cause: repair from the top. Run it as the user of the gateway, or as root.

        --bundle FILE.tar.gz writes an archive for support: these findings, the configuration, status, log and system, with all secrets removed.

        The exit code is 0 when nothing is broken (warnings may be), 1 otherwise, 78 for a bad configuration.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var bundle = new Option<string?>("--bundle") { Description = "Write an archive for support there.", HelpName = "FILE" };
        var command = new TaughtCommand("doctor", Meaning) { config, json, bundle };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var files = new MachineFiles();
            var (configuration, problems) = ConfigurationLoader.Load(parsed.GetValue(config)!, catalog);
            IReadOnlyList<Finding> findings =
            [
                .. problems.All.Select(static p => new Finding("configuration", p.IsWarning ? Severity.Warning : Severity.Fault, $"{p.Position}: {p.Wrong}", p.Instead)),
                .. configuration is null ? [] : await Consultation.HoldAsync(configuration, catalog, files, TimeProvider.System, cancellation).ConfigureAwait(false),
            ];
            findings = [.. findings.OrderByDescending(static f => f.Severity)];
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonOutput.Of(Json(findings)));
            }
            else
            {
                output.Write(Text(findings));
            }

            if (parsed.GetValue(bundle) is { } path)
            {
                try
                {
                    await WriteBundleAsync(path, configuration, files, findings, cancellation).ConfigureAwait(false);
                    parsed.InvocationConfiguration.Error.WriteLine($"{path} is written; look into it before you send it: tar tzf {path}");
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    parsed.InvocationConfiguration.Error.WriteLine($"edge-gateway: {path} cannot be written: {e.Message}");
                    return ExitCode.Failed;
                }
            }

            return configuration is null ? ExitCode.BadConfiguration : findings.Any(static f => f.Severity == Severity.Fault) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    internal static string Text(IReadOnlyList<Finding> findings)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
        {
            text.Append(finding.Severity switch { Severity.Fault => "✗ ", Severity.Warning => "! ", _ => "✓ " }).Append(finding.Part).Append(": ").Append(finding.Text).Append('\n');
            if (finding.Remedy is { } remedy)
            {
                text.Append("    → ").Append(remedy).Append('\n');
            }
        }

        return text.ToString();
    }

    private static JsonObject Json(IReadOnlyList<Finding> findings) => new()
    {
        ["ok"] = !findings.Any(static f => f.Severity == Severity.Fault),
        ["findings"] = new JsonArray([.. findings.Select(static f => (JsonNode)new JsonObject
        {
            ["part"] = f.Part, ["severity"] = f.Severity.ToString().ToLowerInvariant(), ["text"] = f.Text, ["remedy"] = f.Remedy,
        })]),
    };

    private static async Task WriteBundleAsync(
        string path, GatewayConfiguration? configuration, MachineFiles files, IReadOnlyList<Finding> findings, CancellationToken cancellation)
    {
        var reports = new Dictionary<string, string> { ["doctor.txt"] = Text(findings), ["version.txt"] = $"edge-gateway {Diagnostics.StatusCollector.Version}\n" };
        if (configuration is not null)
        {
            reports["check.txt"] = ConfigurationSummary.Of(configuration);
            reports["status.json"] = await ControlSocket.TryGetAsync(configuration.Gateway.Data, ControlSocket.StatusPath, cancellation).ConfigureAwait(false) is ({ } status, _)
                ? Encoding.UTF8.GetString(status) : "no gateway runs\n";
        }

        await new SupportBundle(configuration, files, new Redactor(configuration)).WriteAsync(path, reports, cancellation).ConfigureAwait(false);
    }
}
