using System.Threading.Channels;
using Gateway.Broker;
using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Pipeline;
using Microsoft.Extensions.Logging;

namespace Gateway.Commands;

/// <summary>Carries accepted commands to their devices, one at a time for each, and publishes every answer. A dead device delays only its own.</summary>
internal sealed class CommandPump
{
    /// <summary>Commands that may wait for one device: more than a person or a PLC can mean.</summary>
    private const int WaitingPerDevice = 100;

    /// <summary>Refusals that may wait to be published.</summary>
    private const int WaitingAnswers = 1_000;

    private readonly Lock _changing = new();
    private readonly List<Task> _workers = [];
    private volatile Dictionary<string, Channel<CommandWork>> _devices = [];
    private CancellationToken? _running;
    private readonly Channel<(CommandAnswer Answer, ReplyAddress Reply, bool Settles)> _answers =
        Channel.CreateBounded<(CommandAnswer, ReplyAddress, bool)>(new BoundedChannelOptions(WaitingAnswers) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly ILocalBroker _broker;
    private readonly CommandMemory _memory;
    private readonly CommandExecutor _executor;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;
    private readonly ILogger _log;

    public CommandPump(
        IEnumerable<DeviceOptions> devices, ILocalBroker broker, CommandMemory memory, CommandExecutor executor, TimeProvider time,
        PipelineMetrics metrics, ILogger<CommandPump> log)
    {
        (_broker, _memory, _executor, _time, _metrics, _log) = (broker, memory, executor, time, metrics, log);
        Take(devices);
    }

    /// <summary>Carries out commands to these devices from now on. What waits for one that stays goes on; for one that left it is answered by the executor, which does not find it.</summary>
    public void Take(IEnumerable<DeviceOptions> devices)
    {
        lock (_changing)
        {
            var before = _devices;
            var after = devices.ToDictionary(d => d.Id, d => before.GetValueOrDefault(d.Id) ?? Channel.CreateBounded<CommandWork>(
                new BoundedChannelOptions(WaitingPerDevice) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true }));
            _devices = after;
            foreach (var gone in before.Where(d => !after.ContainsKey(d.Key)))
            {
                gone.Value.Writer.TryComplete();
            }

            if (_running is { } stop)
            {
                _workers.RemoveAll(static w => w.IsCompletedSuccessfully);
                _workers.AddRange(after.Where(d => !before.ContainsKey(d.Key)).Select(d => WorkAsync(d.Value.Reader, stop)));
            }
        }
    }

    public bool HasRoom(DeviceOptions device) => _devices.TryGetValue(device.Id, out var waiting) && waiting.Reader.Count < WaitingPerDevice;

    /// <summary>Queues an accepted command. One that finds no room after all is answered so.</summary>
    public void Execute(CommandWork work)
    {
        if (!_devices.TryGetValue(work.Device.Id, out var waiting) || !waiting.Writer.TryWrite(work))
        {
            Answer(CommandAnswer.Rejected(work.Id, CommandReason.Busy), work.Reply, settles: true);
        }
    }

    /// <summary>Queues an answer that needs no work.</summary>
    /// <param name="answer">What to say.</param>
    /// <param name="reply">Where.</param>
    /// <param name="settles">Whether it ends an accepted command; false: the command was not accepted.</param>
    public void Answer(CommandAnswer answer, ReplyAddress reply, bool settles = false)
    {
        if (!_answers.Writer.TryWrite((answer, reply, settles)))
        {
            _metrics.Answered(answer.Result, "dropped");
            CommandLog.AnswerDropped(_log, answer.Id, reply.Topic);
        }
    }

    public async Task RunAsync(TopicMapper topics, CancellationToken cancellation)
    {
        foreach (var (id, record) in _memory.Unanswered())
        {
            var reply = new ReplyAddress(record.ResponseTopic ?? topics.Response(record.Device ?? ""), record.Correlation, record.Bridge);
            if (record.Answer is { } payload)
            {
                CommandLog.AnsweredAgain(_log, id);
                Publish(payload, reply);
                _memory.Answered(id);
            }
            else
            {
                Settle(new CommandAnswer(id, CommandResult.Failed, CommandReason.Interrupted, "the gateway stopped before it answered; the device may have been written"), reply);
            }
        }

        lock (_changing)
        {
            _running = cancellation;
            _workers.AddRange(_devices.Values.Select(d => WorkAsync(d.Reader, cancellation)));
        }

        try
        {
            await AnswerAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Task[] workers;
            lock (_changing)
            {
                _running = null;
                workers = [.. _workers];
            }

            await Task.WhenAll(workers).ConfigureAwait(false);
        }
    }

    private async Task WorkAsync(ChannelReader<CommandWork> works, CancellationToken cancellation)
    {
        await foreach (var work in works.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            Settle(await _executor.ExecuteAsync(work, cancellation).ConfigureAwait(false), work.Reply);
        }
    }

    private async Task AnswerAsync(CancellationToken cancellation)
    {
        await foreach (var (answer, reply, settles) in _answers.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            if (settles)
            {
                Settle(answer, reply);
            }
            else
            {
                Publish(Count(answer), reply);
            }
        }
    }

    /// <summary>Ends an accepted command. The answer is remembered before it is published and forgotten after: a crash in between repeats it, and nobody hears two outcomes.</summary>
    private void Settle(CommandAnswer answer, ReplyAddress reply)
    {
        var payload = Count(answer);
        _memory.Answering(answer.Id, payload);
        Publish(payload, reply);
        _memory.Answered(answer.Id);
    }

    private byte[] Count(CommandAnswer answer)
    {
        _metrics.Answered(answer.Result, answer.Reason);
        CommandLog.Answered(_log, answer.Id, answer.Result, answer.Reason ?? "");
        return answer.ToJson(_time.GetUtcNow());
    }

    private void Publish(byte[] payload, ReplyAddress reply) => _broker.Publish(
        new MqttMessage
        {
            Topic = reply.Topic,
            Payload = payload,
            Qos = QualityOfService.AtLeastOnce,
            Properties = reply.Correlation is null ? MessageProperties.None : new MessageProperties { CorrelationData = reply.Correlation },
            AnswerTo = reply.Bridge,
            ReceivedAt = _time.GetTimestamp(),
        },
        acknowledged: false);
}
