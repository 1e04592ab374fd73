using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.MainJob;

public class DemoTests
{
    [Fact]
    public async Task Demo_ForTwentySeconds_MissesNothing()
    {
        var (code, output) = await ChildProcess.RunAsync(GatewayProcess.Program, "demo", "--for", "20s");

        var verdict = output.Split('\n').Last(l => l.StartsWith("received ", StringComparison.Ordinal));
        Assert.Contains("line CUT", output);
        Assert.Contains(" missing 0, ", verdict);
        Assert.Contains("out of order 0, ", verdict);
        Assert.Contains("still open 0", verdict);
        Assert.DoesNotContain("fail: ", output);
        Assert.Equal(0, code);
    }
}
