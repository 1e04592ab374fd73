using System.Text;
using System.Threading.Channels;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Bridge;

/// <summary>A backend: subscribes upstream and writes down what comes.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Channel<MqttMessage> _messages = Channel.CreateUnbounded<MqttMessage>();
    private readonly Task<MqttClose> _run;

    private Subscriber(MqttClient client)
    {
        Client = client;
        _run = client.RunAsync(new DeliveringHandler(m => _messages.Writer.TryWrite(m)), CancellationToken.None);
    }

    public MqttClient Client { get; }

    public static async Task<Subscriber> StartAsync(int port, string filter, ProtocolVersion version = ProtocolVersion.V500, bool keep = false, string id = "backend", string? user = null)
    {
        var (client, failure) = await MqttClient.ConnectAsync(
            new MqttClientOptions
            {
                Host = "127.0.0.1", Port = port, Version = version, ClientId = id, Username = user, Password = user,
                CleanStart = !keep, SessionExpirySeconds = keep ? 3600u : 0,
            },
            TimeProvider.System,
            default);
        Assert.Null(failure);
        var subscriber = new Subscriber(client!);
        var codes = await client!.SubscribeAsync(
            [new Subscription(filter, QualityOfService.ExactlyOnce, RetainAsPublished: version == ProtocolVersion.V500)], default).WaitAsync(s_patience);
        Assert.All(codes!, static c => Assert.False(c.IsFailure()));
        return subscriber;
    }

    public Task<MqttMessage> NextAsync() => _messages.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    /// <summary>The next message on a topic that begins so.</summary>
    public async Task<MqttMessage> NextAsync(string start)
    {
        while (true)
        {
            var message = await NextAsync();
            if (message.Topic.StartsWith(start, StringComparison.Ordinal))
            {
                return message;
            }
        }
    }

    public Task<ReasonCode?> PublishAsync(string topic, string payload, bool retain = false) =>
        Client.PublishAsync(new MqttMessage { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload) }, retain, default).WaitAsync(s_patience);

    public static string Text(MqttMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    public async ValueTask DisposeAsync()
    {
        Client.Disconnect();
        await _run.WaitAsync(s_patience);
    }
}
