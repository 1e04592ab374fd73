using Gateway.Web;

namespace Gateway.Users;

/// <summary>Tells the daemon that works on a data folder to read users, roles, ACL file and certificates again.</summary>
internal static class RunningGateway
{
    /// <returns>What came of it, for people.</returns>
    public static async Task<string> ReloadAsync(string data, CancellationToken cancellation)
    {
        const string ByHand = "systemctl reload edge-gateway";
        try
        {
            var (client, denied) = await ControlClient.FindAsync(data, cancellation).ConfigureAwait(false);
            if (client is null)
            {
                return denied is null ? "no gateway runs on this configuration: the change counts from its next start" : $"the gateway behind {denied} could not be told; {ByHand}";
            }

            using (client)
            {
                var answer = await client.AskAsync(HttpMethod.Post, ReloadRoute.Path, ReloadJson.Default.ReloadDocument, cancellation).ConfigureAwait(false);
                return answer.Problems.Count == 0 ? "the running gateway has read it" : $"the running gateway stays with what it had: {string.Join("; ", answer.Problems)}";
            }
        }
        catch (ControlException e)
        {
            return $"the gateway could not be told: {e.Line}; or {ByHand}";
        }
    }
}
