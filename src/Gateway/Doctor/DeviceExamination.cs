using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Doctor;

/// <summary>While no gateway runs: reads from every device as the gateway would, until each has said how it is. Nothing is written.</summary>
internal sealed class DeviceExamination(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, TimeProvider time) : IExamination
{
    /// <summary>Longer than a lost SYN, three requests without an answer, or a slow meter take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var answers = new Answers(configuration.Devices.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = configuration.Links.Select(link => ReadAsync(link, answers, stop.Token)).ToList();
        await Task.WhenAny(answers.Complete, Task.WhenAll(reading), Task.Delay(s_patience, time, cancellation)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(reading).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        foreach (var device in configuration.Devices)
        {
            var part = $"device {device.Id}";
            yield return !answers.States.TryGetValue(device.Id, out var state)
                ? new Finding(part, Severity.Warning, $"{device.Link.Address} has said nothing within {s_patience.TotalSeconds:0} s", "look at edge-gateway status once the gateway runs")
                : state.Online ? Finding.Good(part, $"answers on {device.Link.Address}")
                : new Finding(part, Severity.Fault, $"{device.Link.Address}: {state.Reason}", state.Remedy);
        }
    }

    private async Task ReadAsync(LinkOptions link, Answers answers, CancellationToken stop)
    {
        var devices = configuration.Devices.Where(d => d.Link.Id == link.Id).ToList();
        if (devices.Count == 0 || catalog.FirstOrDefault(t => t.Type == link.Type) is not { } type)
        {
            return;
        }

        var adapter = type.Create(link, devices, new(time, NullLoggerFactory.Instance) { ListensOnly = true });
        await using (adapter.ConfigureAwait(false))
        {
            try
            {
                await adapter.RunAsync(answers, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // All has been said, or nobody waits any longer.
            }
        }
    }

    /// <summary>The first word of each device; the values are not for us.</summary>
    private sealed class Answers(int devices) : IReadingSink
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentDictionary<string, DeviceState> States { get; } = new();

        public Task Complete => _complete.Task;

        public void Report(in Reading reading)
        {
        }

        public void EndOfCycle(DeviceOptions device)
        {
        }

        public void DeviceChanged(DeviceOptions device, DeviceState state)
        {
            States[device.Id] = state;
            if (States.Count == devices)
            {
                _complete.TrySetResult();
            }
        }
    }
}
