using System.Threading.Channels;
using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Bridge;

/// <summary>A broker that forwards to its targets and writes down what was published.</summary>
internal sealed class FakeBroker(IOutbox outbox) : ILocalBroker
{
    private readonly List<IForwardTarget> _targets = [];
    private readonly Channel<MqttMessage> _published = Channel.CreateUnbounded<MqttMessage>();

    public Func<MqttMessage, PublishStatus> OnPublish { get; set; } = static _ => PublishStatus.Accepted;

    public Task<MqttMessage> PublishedAsync() => _published.Reader.ReadAsync().AsTask();

    public bool HasPublished => _published.Reader.TryPeek(out _);

    public PublishResult Publish(MqttMessage message, bool acknowledged)
    {
        var status = OnPublish(message);
        var lsn = 0L;
        if (status is PublishStatus.Accepted or PublishStatus.NoMatchingSubscribers)
        {
            var targets = new List<OutboxTarget>();
            _targets.ForEach(t => t.Select(message, targets));
            lsn = outbox.Append(message, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(targets), Urgency.Immediate).Lsn;
        }

        _published.Writer.TryWrite(message);
        return new PublishResult(status, lsn);
    }

    public IDisposable Subscribe(string filter, Action<MqttMessage> deliver) => throw new NotSupportedException();

    public void Attach(IForwardTarget target) => _targets.Add(target);

    public void Attach(IPublishInterceptor interceptor) => throw new NotSupportedException();
}
