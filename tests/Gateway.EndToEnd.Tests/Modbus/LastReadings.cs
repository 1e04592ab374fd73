using System.Collections.Concurrent;
using Gateway.Core;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>The first good value of each point.</summary>
internal sealed class LastReadings : IReadingSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<PointValue>> _values = new();

    public Task<PointValue> ValueAsync(string point) => Of(point).Task.WaitAsync(Patience);

    public void Report(in Reading reading)
    {
        if (reading.Quality == Quality.Good)
        {
            Of(reading.Point.Id).TrySetResult(reading.Value);
        }
    }

    public void EndOfCycle(DeviceOptions device)
    {
    }

    public void DeviceChanged(DeviceOptions device, DeviceState state)
    {
    }

    private TaskCompletionSource<PointValue> Of(string point) => _values.GetOrAdd(point, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
