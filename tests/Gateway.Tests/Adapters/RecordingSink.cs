using Gateway.Core;

namespace Gateway.Tests.Adapters;

/// <summary>Keeps what an adapter reports, and lets a test wait for it.</summary>
internal sealed class RecordingSink : IReadingSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<Reading> _readings = [];
    private readonly List<(string Device, DeviceState State)> _states = [];
    private readonly List<string> _cycles = [];
    private readonly List<string> _found = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiters = [];

    public void Report(in Reading reading)
    {
        lock (_lock)
        {
            _readings.Add(reading);
            Check();
        }
    }

    public void EndOfCycle(DeviceOptions device)
    {
        lock (_lock)
        {
            _cycles.Add(device.Id);
            Check();
        }
    }

    public void DeviceChanged(DeviceOptions device, DeviceState state)
    {
        lock (_lock)
        {
            _states.Add((device.Id, state));
            Check();
        }
    }

    /// <summary>Refuses devices with these ids.</summary>
    public HashSet<string> Taken { get; } = [];

    /// <summary>Ids of devices and <c>device/point</c> of points, in the order in which they were found.</summary>
    public IReadOnlyList<string> Founds
    {
        get
        {
            lock (_lock)
            {
                return [.. _found];
            }
        }
    }

    public bool Found(DeviceOptions device)
    {
        lock (_lock)
        {
            if (Taken.Contains(device.Id))
            {
                return false;
            }

            _found.Add(device.Id);
            Check();
            return true;
        }
    }

    public void Found(PointOptions point)
    {
        lock (_lock)
        {
            _found.Add($"{point.Device}/{point.Id}");
            Check();
        }
    }

    public IReadOnlyList<Reading> Readings
    {
        get
        {
            lock (_lock)
            {
                return [.. _readings];
            }
        }
    }

    public IReadOnlyList<(string Device, DeviceState State)> States
    {
        get
        {
            lock (_lock)
            {
                return [.. _states];
            }
        }
    }

    public IReadOnlyList<string> Cycles
    {
        get
        {
            lock (_lock)
            {
                return [.. _cycles];
            }
        }
    }

    /// <summary>How many have been reported up to now.</summary>
    public int Mark => Readings.Count;

    /// <summary>The first reading of a point that fits, from a mark on.</summary>
    public async Task<Reading> ReadingAsync(string point, Func<Reading, bool> fits, int from = 0)
    {
        Reading found = default;
        await UntilAsync(() =>
        {
            for (var i = from; i < _readings.Count; i++)
            {
                if (_readings[i].Point.Id == point && fits(_readings[i]))
                {
                    found = _readings[i];
                    return true;
                }
            }

            return false;
        });
        return found;
    }

    public Task<Reading> GoodAsync(string point, int from = 0) => ReadingAsync(point, r => r.Quality == Quality.Good, from);

    public Task<Reading> BadAsync(string point, string error, int from = 0) => ReadingAsync(point, r => r.Quality == Quality.Bad && r.Error == error, from);

    public Task StateAsync(string device, Func<DeviceState, bool> fits) => UntilAsync(() => _states.Exists(s => s.Device == device && fits(s.State)));

    /// <summary>Waits until something about all that was reported holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        var waiter = (Condition: condition, Met: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _waiters.Add(waiter);
            Check();
        }

        await waiter.Met.Task.WaitAsync(Patience);
    }

    private void Check() => _waiters.RemoveAll(w => w.Condition() && w.Met.TrySetResult());
}
