using System.Runtime.CompilerServices;
using Gateway.Broker;
using Gateway.Cli;
using Gateway.Configuration;
using Gateway.Users;

namespace Gateway.Doctor;

/// <summary>A dry run of who may do what: every user against the topics that this configuration makes.</summary>
internal sealed class AccessExamination(GatewayConfiguration configuration) : IExamination
{
    private const string Part = "access";

    private readonly IReadOnlyList<PlannedTopic> _plan = TopicPlan.Of(configuration);

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var options = configuration.Broker with { RoleTopics = RoleFilters.Of(configuration) };
        if (options.PasswordFile is null && UsersFile.In(configuration.Gateway.Data) is var own && File.Exists(own))
        {
            options = options with { OwnUsers = own };
        }

        // What is missing has been told with the other files; who examines need not be the gateway's user, who alone may read them.
        string[] files = [.. new[] { options.Users, options.AclFile }.OfType<string>()];
        if (files.Any(static f => !File.Exists(f)))
        {
            yield break;
        }

        if (files.FirstOrDefault(static f => !IsReadable(f)) is { } closed)
        {
            yield return new Finding(Part, Severity.Warning, $"{Environment.UserName} may not read {closed}: who may do what was not tried", "ask as the gateway's user, or as root");
            yield break;
        }

        var problems = new ProblemList();
        var trial = AccessTrial.TryRead(options, problems);
        foreach (var problem in problems.All)
        {
            yield return new Finding(Part, problem.IsWarning ? Severity.Warning : Severity.Fault, $"{problem.Position}: {problem.Wrong}", problem.Instead);
        }

        foreach (var user in trial?.Users.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>())
        {
            foreach (var finding in Try(trial!, user))
            {
                yield return finding;
            }
        }
    }

    private IEnumerable<Finding> Try(AccessTrial trial, string user)
    {
        var devices = configuration.Devices.Select(static d => d.Id).ToList();
        if (devices.Count == 0)
        {
            yield break;
        }

        var who = $"user {Words.Safe(user)} ({trial.SourceOf(user)})";
        var deaf = Topics("telemetry", "device-telemetry").Where(t => !trial.MayRead(user, t.Topic)).ToList();
        var commands = devices.Where(d => Topics("command", "set").Any(t => t.Device == d && trial.MayWrite(user, t.Topic))).ToList();
        var reads = devices.Count(d => Topics("telemetry", "device-telemetry").Any(t => t.Device == d && trial.MayRead(user, t.Topic)));
        if (reads == 0 && commands.Count == 0)
        {
            yield return new Finding(
                Part, Severity.Warning, $"{who} may neither read nor command any device: it may not read {deaf[0].Filter}", Grant(user, "read", $"{configuration.Gateway.Root}/#"));
            yield break;
        }

        foreach (var device in commands)
        {
            if (Topics("response").FirstOrDefault(t => t.Device == device) is { } response && !trial.MayRead(user, response.Topic))
            {
                yield return new Finding(Part, Severity.Warning, $"{who} may command {device} and may not read the answer, {response.Topic}", Grant(user, "read", response.Topic));
            }
        }

        var not = deaf.Count == 0 ? "" : $", may not read {string.Join(", ", deaf.Select(static t => t.Filter).Distinct().Take(3))}{(deaf.Select(static t => t.Filter).Distinct().Skip(3).Any() ? ", …" : "")}";
        yield return Finding.Good(Part, $"{who} reads {reads} of {Words.Count(devices.Count, "device")}, commands {commands.Count}{not}");
    }

    private static bool IsReadable(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private IEnumerable<PlannedTopic> Topics(params string[] kinds) => _plan.Where(t => kinds.Contains(t.Kind));

    private string Grant(string user, string access, string filter) => configuration.Broker.AclFile is { } acl
        ? $"if that is not meant: in {acl}, below user {Words.Safe(user)}, write topic {access} {filter}"
        : $"if that is not meant: edge-gateway user role {Words.Safe(user)} {Roles.Viewer}";
}
