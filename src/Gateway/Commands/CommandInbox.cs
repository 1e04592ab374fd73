using System.Security.Cryptography;
using Gateway.Broker;
using Gateway.Core;
using Gateway.Mqtt;

namespace Gateway.Commands;

/// <summary>Takes commands out of everything that is published: accepts them into the journal before their publisher hears an acknowledgement.</summary>
internal sealed class CommandInbox(
    Func<CommandTopics> commands, TopicMapper topics, CommandMemory memory, CommandPump pump, Func<MessageOrigin, string, bool> mayPublish, ClockTrust clock, TimeProvider time) : IPublishInterceptor
{
    /// <summary>A command that nobody limits is stale after a minute: whoever pressed the button has pressed it again.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);

    public Interception Intercept(MqttMessage message)
    {
        if (!commands().TryMatch(message.Topic, out var device, out var point))
        {
            return Interception.None;
        }

        var document = CommandDocument.Plain(point ?? "", message.Payload);
        string? problem = null;
        if (point is null)
        {
            CommandDocument.TryParse(message.Payload, out document, out problem);
        }

        var given = document.Id ?? CommandDocument.IdOf(message);
        var id = given ?? RandomNumberGenerator.GetHexString(16, lowercase: true);
        var reply = ReplyOf(message, device);
        if (message.Retain)
        {
            // An empty one deletes what another broker retained: nothing was asked.
            return message.Payload.IsEmpty ? Nothing : Reject(id, reply, CommandReason.Retained, "publish commands without the retain flag");
        }

        if (problem is not null)
        {
            return Reject(id, reply, CommandReason.Malformed, problem);
        }

        return Accept(message, device, document, id, isOwnId: given is not null, reply);
    }

    private static Interception Nothing => new(Handled: true, DropRetain: true, default);

    private Interception Accept(MqttMessage message, DeviceOptions device, CommandDocument document, string id, bool isOwnId, ReplyAddress reply)
    {
        // A repetition of the transport was answered when it came first.
        var delivery = DeliveryOf(message.Origin);
        if (message.Origin.IsDup && (isOwnId ? memory.Knows(id) : delivery is not null && memory.HasDelivery(delivery)))
        {
            return Nothing;
        }

        if (document.Expires is not null && !clock.IsTrusted)
        {
            return Reject(id, reply, CommandReason.Clock, $"the command has an absolute end; {clock.Explanation}");
        }

        var lifetime = LifetimeOf(message, document);
        if (lifetime <= TimeSpan.Zero)
        {
            return Reject(id, reply, CommandReason.Expired, null);
        }

        if (!pump.HasRoom(device))
        {
            return Reject(id, reply, CommandReason.Busy, $"too many commands wait for {device.Id}");
        }

        var record = new CommandRecord
        {
            Device = device.Id,
            ResponseTopic = message.Properties.ResponseTopic is null ? null : reply.Topic,
            Correlation = reply.Correlation?.ToArray(),
            Bridge = reply.Bridge,
            Delivery = isOwnId ? null : delivery,
        };
        if (memory.Accept(id, record, out var result) is { } refusal)
        {
            return Reject(id, reply, refusal, null) with { Result = result };
        }

        var deadline = time.GetTimestamp() + (long)(lifetime.TotalSeconds * time.TimestampFrequency);
        pump.Execute(new CommandWork(id, device, document, deadline, result.Lsn, reply));
        return Nothing with { Result = result };
    }

    private Interception Reject(string id, ReplyAddress reply, string reason, string? detail)
    {
        pump.Answer(CommandAnswer.Rejected(id, reason, detail), reply);
        return Nothing;
    }

    private TimeSpan LifetimeOf(MqttMessage message, CommandDocument document)
    {
        TimeSpan? byMessage = message.Properties.MessageExpiryInterval is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        TimeSpan? byDocument = document.Expires is { } expires ? expires - time.GetUtcNow() : null;
        return byMessage is { } m && byDocument is { } d ? (m < d ? m : d) : byMessage ?? byDocument ?? DefaultLifetime;
    }

    /// <summary>Under the sender's rights: where it may not publish itself, no answer goes for it.</summary>
    private ReplyAddress ReplyOf(MqttMessage message, DeviceOptions device)
    {
        var own = topics.Response(device.Id);
        return message.Properties.ResponseTopic is { Length: > 0 } wanted && TopicName.IsValid(wanted) && wanted[0] != '$' && !commands().TryMatch(wanted, out _, out _)
            && mayPublish(message.Origin, wanted)
            ? new ReplyAddress(wanted, message.Properties.CorrelationData, message.Origin.Bridge)
            : new ReplyAddress(own, message.Properties.CorrelationData, null);
    }

    private static string? DeliveryOf(MessageOrigin origin) => origin.PacketId == 0 ? null
        : origin.Bridge is { } bridge ? $"bridge {bridge} {origin.PacketId}"
        : $"client {origin.ClientId} {origin.PacketId}";
}
