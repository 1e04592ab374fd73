using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>Whether packets can leave this machine, and names be asked for, where a bridge needs it.</summary>
internal sealed class NetworkExamination(GatewayConfiguration configuration, MachineFiles files) : IExamination
{
    public const string Part = "network";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        if (configuration.Bridges.Count == 0)
        {
            yield break;
        }

        var up = NetworkInterface.GetAllNetworkInterfaces()
            .Where(static n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback).Select(static n => n.Name).ToList();
        var hasRoute = HasDefaultRoute();
        yield return up.Count == 0 ? new Finding(Part, Severity.Warning, "no network interface is up", "plug the cable in, or join the wireless network (nmtui)")
            : !hasRoute ? new Finding(Part, Severity.Warning, $"{string.Join(", ", up)} up, but there is no default route: only the own network can be reached", "set the gateway's address in the network's settings, or let DHCP give one")
            : Finding.Good(Part, $"{string.Join(", ", up)} up, with a default route");
        if (!(files.Read("/etc/resolv.conf") ?? "").Split('\n').Any(static line => line.StartsWith("nameserver ", StringComparison.Ordinal)))
        {
            yield return new Finding(Part, Severity.Warning, "no name server is set (/etc/resolv.conf)", "set one in the network's settings, or let DHCP give one");
        }
    }

    /// <summary>proc_net(5): destination and mask 0 in hexadecimal; for IPv6 the destination's 32 digits and a prefix of 00, on a device that is not lo.</summary>
    private bool HasDefaultRoute() =>
        (files.Read("/proc/net/route") ?? "").Split('\n').Select(static l => l.Split('\t')).Any(static f => f.Length > 7 && f[1] == "00000000" && f[7] == "00000000")
        || (files.Read("/proc/net/ipv6_route") ?? "").Split('\n').Any(static l => l.StartsWith(new string('0', 32) + " 00 ", StringComparison.Ordinal) && !l.EndsWith(" lo", StringComparison.Ordinal));
}
