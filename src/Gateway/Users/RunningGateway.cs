using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Diagnostics;
using Gateway.Web;

namespace Gateway.Users;

/// <summary>Tells the daemon that works on a data folder to read users, roles, ACL file and certificates again.</summary>
internal static partial class RunningGateway
{
    private const int Hangup = 1;

    /// <returns>What came of it, for people.</returns>
    public static async Task<string> ReloadAsync(string data, CancellationToken cancellation)
    {
        if (await ControlSocket.TryGetAsync(data, ControlSocket.StatusPath, cancellation).ConfigureAwait(false) is not { } answer
            || JsonSerializer.Deserialize(answer, StatusJson.Default.StatusReport)?.Gateway is not { } gateway || gateway.Data != data)
        {
            return "no gateway runs on this configuration: the change counts from its next start";
        }

        return Kill(gateway.Pid, Hangup) == 0
            ? $"{gateway.Id} has been told, and reloads (pid {gateway.Pid})"
            : $"{gateway.Id} could not be told (pid {gateway.Pid}): systemctl reload edge-gateway";
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
