using System.Threading.Channels;
using Gateway.Adapters.Ble;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>Every step of the supervised radio, on a private bus. Its patience is virtual time, BlueZ is not.</summary>
public sealed class BlueZSupervisionTests : IAsyncLifetime
{
    private const string Tag = "A4:C1:38:00:00:01";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly FakeTime _time = new();
    private readonly Listener _listener = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _recovered = [];
    private PrivateBus _bus = null!;
    private BluezMock _bluez = null!;
    private BlueZController _controller = null!;
    private BleRadio _radio = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _bus = await PrivateBus.StartAsync();
        _bluez = await BluezMock.StartAsync(_bus);
        _controller = new(new() { Bus = _bus.Address, Controller = "hci0" }, TimeProvider.System);
        _radio = new("radio", _controller, Recovered, _time, NullLogger.Instance);
        _running = _radio.RunAsync(_listener, _stop.Token);
        Assert.False((await StateAsync()).IsHearing);
        Assert.Equal("listens with hci0 (00:1A:7D:DA:71:13)", (await StateAsync()).Text);
        await HearAsync("40");
    }

    [Fact]
    public async Task Discovery_StoppedSilently_IsStartedAnew()
    {
        await _bluez.DoAsync(new { @do = "mute", until = "discovery" });
        await PassUntilAsync(() => Steps.Contains(BleRadio.RestartDiscovery));
        await _bluez.WaitForCallAsync("StartDiscovery", 2);
        await HearAsync("41");
        Assert.Equal(["StopDiscovery", "SetDiscoveryFilter", "StartDiscovery"], _bluez.Calls.Where(c => c != "GetAll").TakeLast(3));
    }

    [Fact]
    public async Task Firmware_Hangs_IsPowerCycled()
    {
        await _bluez.DoAsync(new { @do = "mute", until = "power" });
        await PassUntilAsync(() => Steps.Contains(BleRadio.PowerCycle));
        await _bluez.WaitForCallAsync("StartDiscovery", 3);
        await HearAsync("42");
        Assert.Equal(2, _bluez.Calls.Count(c => c == "SetPowered"));
        Assert.Equal([BleRadio.RestartDiscovery, BleRadio.PowerCycle], Steps);
    }

    [Fact]
    public async Task Radio_StaysSilent_IsToldWithItsRemedyUntilItHears()
    {
        await _bluez.DoAsync(new { @do = "mute", until = "ever" });
        await PassUntilAsync(() => _listener.States.Reader.Count > 0);
        var told = await StateAsync();
        Assert.Equal((false, "hci0 (00:1A:7D:DA:71:13): hears nothing"), (told.IsHearing, told.Text));
        Assert.Contains("plug it in again", told.Remedy, StringComparison.Ordinal);
        await _bluez.DoAsync(new { @do = "mute" });
        await HearAsync("43");
        Assert.True((await StateAsync()).IsHearing);
    }

    [Fact]
    public async Task Daemon_RestartsAndAdapterComesAndGoes_EachIsToldAndHearsAgain()
    {
        await GoneAsync(new { @do = "leave" }, "bluetoothd", new { @do = "return" });
        await GoneAsync(new { @do = "remove-adapter" }, "Bluetooth adapter", new { @do = "adapter" });
        await GoneAsync(new { @do = "block" }, "rfkill", new { @do = "block", on = false });
    }

    /// <summary>Whatever is told first and later (gone, then not there): at the end it hears, without anybody doing anything.</summary>
    private async Task GoneAsync(object gone, string word, object back)
    {
        await _bluez.DoAsync(gone);
        await PassUntilAsync(() => _listener.States.Reader.Count > 0);
        var told = await StateAsync();
        Assert.Contains(word, told.Text, StringComparison.Ordinal);
        Assert.NotEmpty(told.Remedy!);
        await _bluez.DoAsync(back);
        await PassUntilAsync(() => _radio.State.IsHearing);
        await HearAsync("44");
        while (_listener.States.Reader.TryRead(out _))
        {
            // The rest of this coming and going.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(s_patience);
        await _radio.DisposeAsync();
        await _bluez.DisposeAsync();
        await _bus.DisposeAsync();
        _stop.Dispose();
    }

    private IReadOnlyList<string> Steps
    {
        get
        {
            lock (_recovered)
            {
                return [.. _recovered];
            }
        }
    }

    private void Recovered(string step)
    {
        lock (_recovered)
        {
            _recovered.Add(step);
        }
    }

    private async Task<RadioState> StateAsync() => await _listener.States.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    private async Task HearAsync(string data)
    {
        await _bluez.AdvertiseAsync(Tag, data);
        var heard = await _listener.Advertisements.Reader.ReadAsync().AsTask().WaitAsync(s_patience);
        Assert.Equal(data, Convert.ToHexString(heard.Services.Single().Data.Span));
    }

    /// <summary>Virtual time passes only while the radio waits, and slowly enough for BlueZ's real answers.</summary>
    private async Task PassUntilAsync(Func<bool> reached)
    {
        using var end = new CancellationTokenSource(s_patience);
        while (!reached())
        {
            await _time.WhenTimersAsync(1).WaitAsync(end.Token);
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private sealed class Listener : IBleListener
    {
        public Channel<Advertisement> Advertisements { get; } = Channel.CreateUnbounded<Advertisement>();

        public Channel<RadioState> States { get; } = Channel.CreateUnbounded<RadioState>();

        public void Heard(Advertisement advertisement) => Advertisements.Writer.TryWrite(advertisement);

        public void Changed(RadioState state) => States.Writer.TryWrite(state);
    }
}
