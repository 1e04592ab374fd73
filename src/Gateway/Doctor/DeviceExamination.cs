using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Doctor;

/// <summary>While no gateway runs: reads from every device as the gateway would, until each has said how it is, and each line on which devices speak by themselves is up. Nothing is written to devices.</summary>
internal sealed class DeviceExamination(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, TimeProvider time) : IExamination
{
    /// <summary>Longer than a lost SYN, three requests without an answer, or a slow meter take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly List<(LinkOptions Link, IAdapter Adapter)> _adapters = [];

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var answers = new Answers(configuration.Devices.Count);
        var begun = time.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = configuration.Links.Select(link => ReadAsync(link, answers, stop.Token)).ToList();
        await Task.WhenAny(answers.Complete, Task.WhenAll(reading), Task.Delay(s_patience, time, cancellation)).ConfigureAwait(false);
        while (_adapters.Any(static a => a.Link.FindsDevices && !a.Adapter.Status.Connected) && time.GetElapsedTime(begun) < s_patience)
        {
            await Task.Delay(s_look, time, cancellation).ConfigureAwait(false);
        }

        var links = _adapters.Select(static a => (a.Link, a.Adapter.Status)).ToList();
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(reading).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        foreach (var (link, status) in links.Where(static l => l.Link.FindsDevices))
        {
            yield return status.Connected && status.Remedy is null ? Finding.Good($"link {link.Id}", status.Text)
                : new Finding($"link {link.Id}", status.Connected ? Severity.Warning : Severity.Fault, status.Text, status.Remedy);
        }

        foreach (var device in configuration.Devices)
        {
            var part = $"device {device.Id}";
            yield return !answers.States.TryGetValue(device.Id, out var state)
                ? device.Address.SpeaksByItself && links.Find(l => l.Link.Id == device.Link.Id).Status is { Connected: true } up
                ? new Finding(part, Severity.Warning, $"{device.Address} has not been heard within {s_patience.TotalSeconds:0} s, which says little: it speaks by itself ({up.Text})", "make it speak (its button, its supply off and on), or look at edge-gateway status once the gateway runs")
                : new Finding(part, Severity.Warning, $"{device.Link.Address} has said nothing within {s_patience.TotalSeconds:0} s", "look at edge-gateway status once the gateway runs")
                : state.Online ? Finding.Good(part, $"answers on {device.Link.Address}")
                : new Finding(part, Severity.Fault, $"{device.Link.Address}: {state.Reason}", state.Remedy);
        }
    }

    private async Task ReadAsync(LinkOptions link, Answers answers, CancellationToken stop)
    {
        var devices = configuration.Devices.Where(d => d.Link.Id == link.Id).ToList();
        if ((devices.Count == 0 && !link.FindsDevices) || catalog.FirstOrDefault(t => t.Type == link.Type) is not { } type)
        {
            return;
        }

        var adapter = type.Create(link, devices, new(time, NullLoggerFactory.Instance) { ListensOnly = true });
        await using (adapter.ConfigureAwait(false))
        {
            _adapters.Add((link, adapter));
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

        public Task Complete => devices == 0 ? Task.CompletedTask : _complete.Task;

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
