using System.Runtime.CompilerServices;
using Gateway.Core;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>The clock comes first: certificates, ages and time stamps hang on it.</summary>
internal sealed class ClockExamination(ClockMode mode, TimeProvider time, RunningProcesses processes) : IExamination
{
    public const string Part = "clock";

    private static readonly string[] s_services = ["systemd-timesyn", "chronyd", "ntpd", "ntpsec"];

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var trust = new ClockTrust(mode, time);
        var now = $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC";
        if (trust.IsTrusted)
        {
            yield return Finding.Good(Part, mode == ClockMode.Trusted ? $"{now}, believed because the configuration says so" : $"{now}, synchronised");
            yield break;
        }

        var service = s_services.FirstOrDefault(processes.IsRunning);
        yield return new Finding(
            Part, time.GetUtcNow() < ClockTrust.Earliest ? Severity.Fault : Severity.Warning, $"{now}: {trust.Explanation}",
            service is null ? "no time service runs: systemctl enable --now systemd-timesyncd" : $"{service} runs and has reached no server: check the network, and UDP port 123 in the firewall");
    }
}
