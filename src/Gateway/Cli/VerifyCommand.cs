using System.CommandLine;
using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Verification;

namespace Gateway.Cli;

/// <summary><c>edge-gateway verify</c>: proves that nothing is missing behind the cloud's broker.</summary>
internal static class VerifyCommand
{
    private const string Meaning = """
        Proves that nothing is missing behind the cloud's broker, or names what is.

        It does what a backend can do, and nothing else: it subscribes, takes every message's identity (user property gw, or key gw of a JSON payload:
        gateway;stream;epoch;number), joins the gaps that gateways tell, and compares with their ledgers. docs/backends.md has the rules for your own backend.

          edge-gateway verify                                     where the only bridge of the configuration sends, with its TLS and user, until Ctrl+C
          edge-gateway verify --bridge cloud --until-complete     waits until nothing is on its way any more (ledgers come every minute)
          edge-gateway verify --server mqtts://cloud.example --username check --password-file secret --for 10m
          edge-gateway verify --lines recorded.jsonl              recorded messages, and what edge-gateway outbox export writes:
                                                                  {"topic":"…","payload":"…" or "payload64":"…","gw":"…"}

        It has a session of its own and takes nothing from anybody. Its user must be allowed to read all that the gateways send: a broker that keeps
        a part back looks like one that lost it.

        For each gateway, stream (bridge and lane) and epoch it says:
          missing        gone from the gateway (its ledger says so), and neither here nor in a gap: an error
          conflicts      an identity that came again with other content: an error
          dropped        the gateway says so, and why: size and age (limits of its outbox), expired, superseded (a newer retained message of the
                         topic), downsampled (summaries stand for it), refused (by upstream), poison, quarantine (damage on its disk), operator
          open           still in the gateway, by its ledger: under way
          duplicates     came again, which QoS 1 allows at any time
          out of order   came for the first time after a higher one: when a broker put one off and took its successors, or lost a node; no error

        A gateway that had begun before is judged from where we joined. With --from-start, from number 1: for recordings that are older than the gateway.

        The exit code is 0 if nothing is missing; 1 if something is missing or in conflict, if with --until-complete something is still open at the end,
        or if nothing came at all; 2 for a wrong command line; 78 for a bad configuration.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var options = new VerifyOptions();
        var command = new TaughtCommand("verify", Meaning);
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var error = parsed.InvocationConfiguration.Error;
            var (plan, code) = options.Read(parsed, catalog, error);
            if (plan is null)
            {
                return code;
            }

            using var stop = new StopSignals(cancellation);
            var (result, failure) = plan.Lines.Count > 0
                ? await ReadLinesAsync(plan, error, stop.Token).ConfigureAwait(false)
                : await ListenAsync(plan, error, stop.Token).ConfigureAwait(false);
            if (result is null)
            {
                error.WriteLine($"edge-gateway: {failure}");
                return ExitCode.Failed;
            }

            if (plan.Json)
            {
                output.WriteLine(JsonOutput.Of(AuditJson.Of(result)));
            }
            else
            {
                AuditText.Write(result, output);
            }

            return result.Verdict == AuditVerdict.Complete ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<(AuditResult? Result, string? Failure)> ListenAsync(VerifyPlan plan, TextWriter error, CancellationToken stop)
    {
        // One line that is written over and over, for who looks on; a file gets the report only.
        var isSeen = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        var run = new VerifyRun(plan.Audit, plan.Servers, plan.Filters, TimeProvider.System)
        {
            UntilComplete = plan.UntilComplete,
            Limit = plan.Limit,
            Show = isSeen ? line => error.Write($"\r{line}\u001b[K") : static _ => { },
        };
        var result = await run.RunAsync(stop).ConfigureAwait(false);
        if (isSeen)
        {
            error.Write("\r\u001b[K");
        }

        return result;
    }

    private static async Task<(AuditResult? Result, string? Failure)> ReadLinesAsync(VerifyPlan plan, TextWriter error, CancellationToken stop)
    {
        const int MostTold = 10;
        var bad = 0L;
        foreach (var path in plan.Lines)
        {
            var name = path == "-" ? "standard input" : path;
            try
            {
                var input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
                await using (input.ConfigureAwait(false))
                {
                    await AuditLines.ReadAsync(input, See, (number, wrong) => Reject(name, number, wrong), stop).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return (null, $"{name}: {e.Message.TrimEnd('.')}; name a file of JSON lines, or - for standard input");
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C: the report is of what was read.
                break;
            }
        }

        return (new AuditResult(plan.Audit, plan.UntilComplete, BadLines: bad), null);

        void See(MqttMessage message) => plan.Audit.See(message);

        void Reject(string name, long number, string wrong)
        {
            if (++bad <= MostTold)
            {
                error.WriteLine($"{name}:{number}: {wrong}{(bad == MostTold ? "; further ones are only counted" : "")}");
            }
        }
    }
}
