using System.Collections.Concurrent;
using Gateway.Adapters.Ble;

namespace Gateway.Tests.Adapters.Ble;

/// <summary>A controller whose antenna is the test.</summary>
internal sealed class FakeController(TimeProvider time) : IBleController
{
    private static readonly RadioFault s_gone = new("gone", "plug it in");

    private AdvertisementQueue _heard = new();
    private string? _mutedUntil;

    public bool IsOpen { get; private set; }

    public RadioFault? Fault { get; private set; }

    public RadioFault? Note { get; set; }

    public string Name => "fake0";

    /// <summary>Why opening it fails; null: it works.</summary>
    public RadioFault? Refusal { get; set; }

    /// <summary>What was done with it, in order.</summary>
    public ConcurrentQueue<string> Steps { get; } = [];

    public int Count(string step) => Steps.Count(s => s == step);

    public ValueTask<RadioFault?> OpenAsync(CancellationToken cancellation)
    {
        Steps.Enqueue("open");
        (Fault, IsOpen) = (Refusal, Refusal is null);
        _heard.End();
        _heard = new();
        if (!IsOpen)
        {
            _heard.End();
        }

        return ValueTask.FromResult(Refusal);
    }

    public async ValueTask<Advertisement?> HearAsync(CancellationToken cancellation) => Steps.IsEmpty ? null : await _heard.TakeAsync(cancellation);

    public ValueTask<RadioFault?> RestartScanAsync(CancellationToken cancellation)
    {
        Steps.Enqueue("restart");
        Cure("discovery");
        return ValueTask.FromResult(IsOpen ? null : Fault);
    }

    public ValueTask<RadioFault?> PowerCycleAsync(CancellationToken cancellation)
    {
        Steps.Enqueue("power");
        Cure("discovery");
        Cure("power");
        Close(null);
        return ValueTask.FromResult<RadioFault?>(null);
    }

    public ValueTask<GattOpening> ConnectAsync(BleAddress device, PairingCode? pairing, CancellationToken cancellation) => ValueTask.FromResult(new GattOpening(null, "no devices here"));

    public int Connections { get; set; }

    public void Advertise(Advertisement advertisement)
    {
        if (IsOpen && _mutedUntil is null)
        {
            _heard.TryAdd(advertisement with { HeardAt = time.GetTimestamp() });
        }
    }

    public void Mute(string until) => _mutedUntil = until;

    public void Remove()
    {
        Refusal = s_gone;
        Close(s_gone);
    }

    public void Return() => Refusal = null;

    public ValueTask DisposeAsync()
    {
        Close(s_gone);
        return ValueTask.CompletedTask;
    }

    private void Cure(string by) => _mutedUntil = _mutedUntil == by ? null : _mutedUntil;

    private void Close(RadioFault? fault)
    {
        (IsOpen, Fault) = (false, IsOpen ? fault : Fault);
        _heard.End();
    }
}
