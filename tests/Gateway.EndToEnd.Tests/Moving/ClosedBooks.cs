using Gateway.EndToEnd.Tests.Peers;
using Gateway.Verification;

namespace Gateway.EndToEnd.Tests.Moving;

/// <summary>What a backend concludes once gateways have said their last.</summary>
internal static class ClosedBooks
{
    /// <summary>Waits until the last ledgers leave nothing open.</summary>
    /// <param name="backend">Everything that came.</param>
    /// <param name="stream">The stream that is asked about.</param>
    /// <param name="epochs">So many of it were used.</param>
    public static async Task<IdentityAudit> OfAsync(Collector backend, string stream, int epochs)
    {
        await backend.WaitForAsync(m => m.Topic.EndsWith($"/streams/{stream}", StringComparison.Ordinal) && backend.Audit() is { Open: 0, Missing: 0 });
        var audit = backend.Audit();
        Assert.Equal(epochs, audit.Streams.Count(s => s.Key.Stream == stream && s.Value.Received > 0));
        return audit;
    }

    /// <summary>An identity that comes twice is the same message.</summary>
    public static void AssertOneContentEach(Collector backend)
    {
        foreach (var copies in backend.Messages.Where(m => m.Identity is not null).GroupBy(m => m.Identity!.Split(';') is var p ? $"{p[0]};{p[1]};{p[2]};{p[3]}" : ""))
        {
            Assert.Single(copies.Select(c => (c.Topic, c.Payload, c.Retain)).Distinct());
        }
    }
}
