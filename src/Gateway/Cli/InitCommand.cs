using System.CommandLine;
using System.Text;
using Gateway.Core;
using Gateway.Identity;
using Gateway.Machine;
using Gateway.Setup;
using Gateway.Users;

namespace Gateway.Cli;

/// <summary><c>edge-gateway init</c>: the first configuration.</summary>
internal static class InitCommand
{
    private const string Meaning = """
        Looks at this machine and writes a first configuration, which runs as it is and explains itself.

        It asks for the gateway's id, the topics' root, a Modbus TCP device and a broker upstream; Return leaves each as proposed.
        --yes asks nothing: what is not given by an option is as proposed. Bluetooth, LoRa and serial lines stand in it as examples to uncomment, with the
        ports that were found; edge-gateway scan says who is there, with the lines to paste.

          sudo edge-gateway init
          edge-gateway init --yes --config gateway.yaml --modbus 192.0.2.20 --cloud mqtts://cloud.example:8883

        It never overwrites: the exit code is 1 when the file is there already.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        config.Description = "Where to write it.";
        var yes = new Option<bool>("--yes", "-y") { Description = "Ask nothing." };
        Option<string?>[] given =
        [
            new("--id") { Description = "The gateway's id; from the host name, or made at the first start.", HelpName = "ID" },
            new("--root") { Description = $"First levels of all topics ({GatewayOptions.DefaultRoot}).", HelpName = "TOPIC" },
            new("--modbus") { Description = "A Modbus TCP device to begin with.", HelpName = "HOST[:PORT]" },
            new("--cloud") { Description = "A broker to bridge to.", HelpName = "URL" },
        ];
        var command = new TaughtCommand("init", Meaning) { config, yes, given[0], given[1], given[2], given[3] };
        command.SetAction(parsed => Run(parsed, parsed.GetValue(config)!, parsed.GetValue(yes), name => parsed.GetValue(given.First(o => o.Name == $"--{name}")), catalog));
        return command;
    }

    private static int Run(ParseResult parsed, string path, bool asksNothing, Func<string, string?> given, IReadOnlyList<IAdapterType> catalog)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (Path.Exists(path))
        {
            return IsThere(path, error);
        }

        var found = Surroundings.Look(new MachineFiles());
        var answers = new FirstAnswers { Id = FirstId.From(found.HostName) };
        if (Given(given, ref answers) is { } wrong)
        {
            error.WriteLine(wrong);
            return ExitCode.WrongUsage;
        }

        if (!asksNothing)
        {
            if (Console.IsInputRedirected)
            {
                error.WriteLine("there is no terminal to ask at; --yes asks nothing, options answer beforehand: edge-gateway init --help");
                return ExitCode.WrongUsage;
            }

            if (new FirstQuestions(Console.In, output).Ask(answers, name => given(name) is not null) is not { } said)
            {
                error.WriteLine("nothing was written");
                return ExitCode.Failed;
            }

            answers = said;
        }

        return Write(path, found, answers, catalog, output, error);
    }

    private static string? Given(Func<string, string?> given, ref FirstAnswers answers) =>
        given("id") is { } id && FirstAnswer.Id(id, ref answers) is { } wrongId ? $"--id: {wrongId}"
        : given("root") is { } root && FirstAnswer.Root(root, ref answers) is { } wrongRoot ? $"--root: {wrongRoot}"
        : given("modbus") is { } modbus && FirstAnswer.Modbus(modbus, ref answers) is { } wrongModbus ? $"--modbus: {wrongModbus}"
        : given("cloud") is { } cloud && FirstAnswer.Cloud(cloud, ref answers) is { } wrongCloud ? $"--cloud: {wrongCloud}"
        : null;

    private static int Write(string path, Surroundings found, FirstAnswers answers, IReadOnlyList<IAdapterType> catalog, TextWriter output, TextWriter error)
    {
        // The service's data folder belongs to the service; who writes a configuration of their own keeps the data beside it.
        var isService = Path.GetFullPath(path) == ConfigurationLoader.DefaultPath;
        try
        {
            if (!NewFile.TryWrite(path, Encoding.UTF8.GetBytes(new FirstConfiguration(found, answers, isService ? null : "./data").Write())))
            {
                return IsThere(path, error);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{e.Message.TrimEnd('.')}; {(isService ? "run it with sudo, or write it elsewhere: --config gateway.yaml" : "choose a folder that you may write: --config FILE")}");
            return ExitCode.Failed;
        }

        output.WriteLine($"{path} is written");
        var (configuration, problems) = ConfigurationLoader.Load(path, catalog);
        problems.WriteTo(error);

        if (configuration is null)
        {
            error.WriteLine($"its own lines are good; correct those of {Configuration.ConfigurationFiles.Folder} beside it, then edge-gateway check");
            return ExitCode.BadConfiguration;
        }

        Advise(path, found, answers, configuration, isService, output);
        return ExitCode.Done;
    }

    private static void Advise(string path, Surroundings found, FirstAnswers answers, GatewayConfiguration configuration, bool isService, TextWriter output)
    {
        var named = isService ? "" : $" --config {path}";
        var file = FirstUser.PasswordFileIn(configuration.Gateway.Data);
        output.WriteLine($"  gateway   {answers.Id ?? "its id is made at the first start"}; topics below {answers.Root}");
        output.WriteLine($"  reads     {(answers.Modbus is var (host, port) ? $"Modbus TCP at {host}:{port}: write its registers into the file" : "nothing yet: the file has an example; edge-gateway demo shows one that reads")}");
        output.WriteLine($"  found     {Words.Count(found.Serial.Count, "serial line")}, {Words.Count(found.Radios.Count, "Bluetooth controller")} (edge-gateway ports says more)");
        if (found.Radios.Count > 0)
        {
            output.WriteLine("            edge-gateway scan ble shows the Bluetooth sensors in range, with the lines to paste");
        }

        if (found.Serial.Count > 0)
        {
            output.WriteLine($"            edge-gateway scan modbus (or lora) --serial-port {Words.Safe(found.Serial[0].Path)} finds out what is on a line");
        }

        if (found.Port != Broker.ListenerOptions.DefaultPort)
        {
            output.WriteLine($"  port      {found.Port}, because {Broker.ListenerOptions.DefaultPort} is taken{(found.PortHolder is { } holder ? $" by {Words.Safe(holder)}" : "")}");
        }

        output.WriteLine($"  next      edge-gateway check{named}");
        output.WriteLine(isService ? "            systemctl enable --now edge-gateway" : $"            edge-gateway run{named}");
        output.WriteLine($"            edge-gateway status{named}");
        output.WriteLine($"  password  of the user {FirstUser.Name}, after the first start: {(isService ? "sudo " : "")}cat {file}");
    }

    private static int IsThere(string path, TextWriter error)
    {
        error.WriteLine($"{path} is there already and was not changed; edge-gateway check --config {path} says what it would run; to begin anew, move it away or name another with --config FILE");
        return ExitCode.Failed;
    }
}
