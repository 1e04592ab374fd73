using System.Threading.Channels;
using Gateway.Adapters.Ble;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Adapters.Ble;

/// <summary>The supervised radio over a fake controller, in virtual time.</summary>
public sealed class BleRadioTests : IAsyncDisposable
{
    private const string Tag = "A4:C1:38:00:00:01";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly FakeTime _time = new();
    private readonly FakeController _controller;
    private readonly Listener _listener = new();
    private readonly List<string> _recovered = [];
    private readonly Lines _log = new();
    private readonly BleRadio _radio;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public BleRadioTests()
    {
        _controller = new(_time);
        _radio = new("radio", _controller, _recovered.Add, _time, _log);
    }

    [Fact]
    public async Task Run_ControllerWorks_TellsItsStateAndWhatIsHeard()
    {
        Start();
        Assert.Equal(new RadioState(false, "not yet opened"), await StateAsync());
        Assert.Equal(new RadioState(true, "listens with fake0"), await StateAsync());
        await HearAsync(1);
        Assert.Empty(_recovered);
    }

    [Fact]
    public async Task Run_ControllerIsGone_TellsOnceAndTriesOnAndOnUntilItIsBack()
    {
        Start();
        await StateAsync();
        await StateAsync();
        await HearAsync(1);
        _controller.Remove();
        Assert.Equal(new RadioState(false, "fake0: gone", "plug it in"), await StateAsync());
        await PassUntilAsync(() => _controller.Count("open") == 10);
        Assert.Equal(0, _listener.States.Reader.Count);
        Assert.Equal([BleRadio.Reconnect], _recovered);

        _controller.Return();
        await PassUntilAsync(() => _controller.IsOpen);
        Assert.Equal(new RadioState(true, "listens with fake0"), await StateAsync());
        await HearAsync(2);
    }

    [Fact]
    public async Task Run_ScanStopsSilently_IsRestartedAndHearsAgain()
    {
        Start();
        await StateAsync();
        await StateAsync();
        await HearAsync(1);
        _controller.Mute("discovery");
        await PassUntilAsync(() => _controller.Count("restart") == 1);
        await HearAsync(2);
        Assert.Equal([BleRadio.RestartDiscovery], _recovered);
        Assert.Equal(["radio: nothing heard for 120 s; the scan is started anew", "radio: hears again after restart-discovery"], _log.Take());
        Assert.Equal(0, _listener.States.Reader.Count);
    }

    [Fact]
    public async Task Run_FirmwareHangs_IsPowerCycled()
    {
        Start();
        await StateAsync();
        await StateAsync();
        _controller.Mute("power");
        await PassUntilAsync(() => _controller.Count("open") == 2);
        await HearAsync(2);
        Assert.Equal([BleRadio.RestartDiscovery, BleRadio.PowerCycle], _recovered);
        Assert.Equal("radio: hears again after power-cycle", _log.Take()[^1]);
    }

    [Fact]
    public async Task Run_NothingHelps_IsToldOnceAndTriedOnAndOnUntilItHears()
    {
        Start();
        await StateAsync();
        await StateAsync();
        _controller.Mute("miracle");
        await PassUntilAsync(() => _listener.States.Reader.Count == 1);
        var told = await StateAsync();
        Assert.Equal((false, "fake0: hears nothing"), (told.IsHearing, told.Text));
        Assert.Contains("plug it in again", told.Remedy, StringComparison.Ordinal);
        await PassUntilAsync(() => _controller.Count("restart") == 4 && _controller.Count("power") == 4 && _controller.IsOpen);
        Assert.Equal(2, _log.Take().Count);
        Assert.Equal(0, _listener.States.Reader.Count);
        _controller.Mute(null!);
        await HearAsync(7);
        Assert.True((await StateAsync()).IsHearing);
    }

    [Fact]
    public async Task Run_SilentWhileConnected_NothingIsDone()
    {
        Start();
        await StateAsync();
        await StateAsync();
        _controller.Connections = 1;
        var start = _time.GetTimestamp();
        await PassUntilAsync(() => _time.GetElapsedTime(start) > TimeSpan.FromHours(1));
        Assert.Equal(["open"], _controller.Steps);
        _controller.Connections = 0;
        await PassUntilAsync(() => _controller.Count("restart") == 1);
    }

    [Fact]
    public async Task Run_PassiveIsNotPossible_IsSaidWithTheState()
    {
        _controller.Note = new("scans actively", "experimental");
        Start();
        await StateAsync();
        Assert.Equal(new RadioState(true, "listens with fake0; scans actively", "experimental"), await StateAsync());
        Assert.Equal(["radio: scans actively; experimental"], _log.Take());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(s_patience);
        await _radio.DisposeAsync();
        _stop.Dispose();
    }

    private void Start() => _running = _radio.RunAsync(_listener, _stop.Token);

    private Task<RadioState> StateAsync() => _listener.States.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    private async Task HearAsync(byte data)
    {
        _controller.Advertise(Heard.From(Tag, data));
        var heard = await _listener.Advertisements.Reader.ReadAsync().AsTask().WaitAsync(s_patience);
        Assert.Equal(data, heard.Services.Single().Data.Span[0]);
    }

    /// <summary>Lets time pass in small steps, each once the radio waits for something.</summary>
    private async Task PassUntilAsync(Func<bool> reached)
    {
        using var end = new CancellationTokenSource(s_patience);
        while (!reached())
        {
            await _time.WhenTimersAsync(1).WaitAsync(end.Token);
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
    }

    private sealed class Listener : IBleListener
    {
        public Channel<Advertisement> Advertisements { get; } = Channel.CreateUnbounded<Advertisement>();

        public Channel<RadioState> States { get; } = Channel.CreateUnbounded<RadioState>();

        void IBleListener.Heard(Advertisement advertisement) => Advertisements.Writer.TryWrite(advertisement);

        public void Changed(RadioState state) => States.Writer.TryWrite(state);
    }

    private sealed class Lines : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Take()
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }
    }
}
