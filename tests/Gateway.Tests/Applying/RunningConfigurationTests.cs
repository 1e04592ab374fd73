using Gateway.Applying;
using Gateway.Broker;
using Gateway.Diagnostics;
using Gateway.Tests.Configuration;
using Gateway.Tests.Support;
using Gateway.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Applying;

/// <summary>Taken over, watched, kept or rolled back: in virtual time, with a gateway that only writes down what it was told.</summary>
public sealed class RunningConfigurationTests : IAsyncDisposable
{
    private readonly Files _files = new();
    private readonly FakeTime _time = new();
    private readonly List<string> _taken = [];
    private readonly List<string> _alerts = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly RunningConfiguration _running;
    private Task _trial = Task.CompletedTask;
    private Func<GatewayConfiguration, Task> _takeOver = static _ => Task.CompletedTask;
    private bool _boilerIsWell = true;

    public RunningConfigurationTests()
    {
        _running = new RunningConfiguration(
            _files.Load(Files.Field),
            FakeModbus.Catalog,
            (next, _) =>
            {
                _taken.Add(IntervalOf(next));
                return _takeOver(next);
            },
            (kind, text, _) => _alerts.Add($"{kind}: {text}"),
            (_, body) => _trial = body(_stop.Token),
            _time,
            NullLogger.Instance)
        { Status = Report };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _trial.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task AllIsWell_ItIsProved_AndKeptOnceItsFileIsWritten()
    {
        var trial = _running.Begin(Request("1s"), "user 7");
        Assert.Equal("/tmp/new.yaml", _running.Section.OnTrial);
        await PassAsync(60);
        Assert.Equal("5s", IntervalOf(_running.Settled));

        _running.Confirm(trial.Number);
        await _trial;

        Assert.Equal(["1s"], _taken);
        Assert.Equal(("1s", null), (IntervalOf(_running.Settled), _running.Section.OnTrial));
        Assert.Equal("/tmp/new.yaml, applied by user 7", _running.Section.From);
        Assert.Equal([TrialStep.TakenOver, TrialStep.Proved, TrialStep.Kept], (await StepsAsync(trial)).Where(s => s != TrialStep.Watching));
        Assert.Contains("every: 1s", File.ReadAllText(Path.Combine(Path.GetDirectoryName(_files.Target)!, "data", "last-good.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WentWorse_TheOneBeforeIsTakenOverAgain()
    {
        var trial = _running.Begin(Request("1s"), "user 7");
        _boilerIsWell = false;
        await PassAsync(60);
        await _trial;

        Assert.Equal(["1s", "5s"], _taken);
        Assert.Equal("rolled-back: the configuration of /tmp/new.yaml was rolled back: device boiler: timeout, and was well before", Assert.Single(_alerts));
        Assert.Equal(TrialStep.RolledBack, (await StepsAsync(trial))[^1]);
        Assert.EndsWith("device boiler: timeout, and was well before", _running.Section.RolledBack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WasNotWellBefore_IsNoReasonToGoBack()
    {
        _boilerIsWell = false;
        var trial = _running.Begin(Request("1s"), "user 7");
        await PassAsync(60);
        _running.Confirm(trial.Number);
        await _trial;

        Assert.Equal("1s", IntervalOf(_running.Settled));
        Assert.Equal("device boiler", Assert.Single((await LinesAsync(trial)).Single(l => l.Step == TrialStep.Proved).NotWell!).What);
    }

    [Fact]
    public async Task WentWorse_ButShallBeKept_IsKept()
    {
        var trial = _running.Begin(Request("1s") with { Keep = true }, "user 7");
        _boilerIsWell = false;
        await PassAsync(60);
        _running.Confirm(trial.Number);
        await _trial;

        Assert.Equal("1s", IntervalOf(_running.Settled));
        Assert.Empty(_alerts);
    }

    [Fact]
    public async Task WhoAskedGoesAway_ItGoesBackAtOnce()
    {
        var trial = _running.Begin(Request("1s"), "user 7");
        trial.Leave();
        await _trial;

        Assert.Equal(["1s", "5s"], _taken);
        Assert.Contains("went away", Assert.Single(_alerts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProvedButNeverWritten_ItGoesBack_UnlessTheDiskHoldsIt()
    {
        _running.Begin(Request("1s"), "user 7");
        await PassAsync(60);
        await PassAsync(15);
        await _trial;
        Assert.Equal("5s", IntervalOf(_running.Settled));

        File.WriteAllText(_files.Target, _files.Sources(Text("2s"))[0].Text);
        var written = _running.Begin(Request("2s"), "user 7");
        await PassAsync(60);
        written.Leave();
        await _trial;
        Assert.Equal("2s", IntervalOf(_running.Settled));
    }

    [Fact]
    public async Task CannotBeTakenOver_TheOneBeforeIs_AndTheReasonIsTold()
    {
        _takeOver = next => IntervalOf(next) == "1s" ? throw new BrokerStartException("port 1883 is in use by mosquitto") : Task.CompletedTask;
        var trial = _running.Begin(Request("1s"), "user 7");
        await _trial;

        Assert.Equal(["1s", "5s"], _taken);
        Assert.Equal("port 1883 is in use by mosquitto", Assert.Single(await LinesAsync(trial)).Text);
    }

    [Fact]
    public async Task NeitherCanBeTakenOver_TheProcessEnds_ToStartWithWhatIsOnTheDisk()
    {
        _takeOver = static _ => throw new BrokerStartException("port 1883 is in use by mosquitto");
        _running.Begin(Request("1s"), "user 7");

        await Assert.ThrowsAsync<BrokerStartException>(() => _trial);
    }

    [Fact]
    public void AnotherOnTrial_IsRefused()
    {
        _running.Begin(Request("1s"), "user 7");

        var refused = Assert.Throws<ControlException>(() => _running.Begin(Request("2s"), "user 8"));
        Assert.Equal("the configuration of /tmp/new.yaml is on trial already, asked for by user 7; wait until it is kept or rolled back (edge-gateway status)", refused.Line);
    }

    [Fact]
    public async Task TheSameAgain_IsKeptWithoutAWatch()
    {
        var trial = _running.Begin(_files.Request("# only a comment\n" + Files.Field), "user 7");
        _running.Confirm(trial.Number);
        await _trial;

        Assert.Contains("only a comment", _running.Settled.Sources[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway2: {}\n", "unknown key \"gateway2\"")]
    [InlineData("broker: { password-file: nobody }\n", "nobody (the broker's users) is not there")]
    public void CannotRunHere_IsSaidAndNothingIsTouched(string more, string why)
    {
        var plan = _running.Plan(_files.Request(Files.Field + more));

        Assert.Null(plan.Difference);
        Assert.Contains(why, Assert.Single(plan.Problems), StringComparison.Ordinal);
        Assert.Throws<ControlException>(() => _running.Begin(_files.Request(Files.Field + more), "user 7"));
        Assert.Empty(_taken);
    }

    [Fact]
    public void NeedsARestart_IsRefused()
    {
        var request = new ApplyRequest([new(_files.Target, _files.Head.Replace("id: gw-1", "id: gw-2", StringComparison.Ordinal) + Files.Field)], "new.yaml", 60, false);

        Assert.Equal(["gateway.id: gw-1 -> gw-2"], _running.Plan(request).Difference!.NeedsRestart);
        Assert.Contains("only change with a restart", Assert.Throws<ControlException>(() => _running.Begin(request, "user 7")).Message, StringComparison.Ordinal);
    }

    private static string Text(string every) => Files.With("every: 5s", $"every: {every}");

    private static string IntervalOf(GatewayConfiguration configuration) => ConfigurationWords.Duration(configuration.Devices[0].Points[0].Every);

    private static async Task<List<TrialLine>> LinesAsync(Trial trial) => await trial.LinesAsync(CancellationToken.None).ToListAsync();

    private static async Task<List<TrialStep>> StepsAsync(Trial trial) => [.. (await LinesAsync(trial)).Select(l => l.Step)];

    private ApplyRequest Request(string every) => _files.Request(Text(every));

    /// <summary>Second by second, as the watch looks.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await _time.WhenTimersAsync(1);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private StatusReport Report() => new()
    {
        State = StatusReport.Ok,
        Summary = "",
        Gateway = new("gw-1", "1", "data", 1, 1, "trusted", null),
        Configuration = new("", default, "", null, null),
        Links = [new("one", "modbus-tcp", "", true, "")],
        Devices = [new("boiler", "one", _boilerIsWell ? "online" : "offline", null, _boilerIsWell ? null : "timeout", null)],
        Broker = new([], 0, 0, 0, 0, 0, 0, new Dictionary<string, long>(), []),
        Storage = new(StatusReport.Ok, null, 0, null, []),
        Bridges = [],
    };
}
