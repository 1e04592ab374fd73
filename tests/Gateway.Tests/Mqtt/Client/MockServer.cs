using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Gateway.Mqtt;

namespace Gateway.Tests.Mqtt.Client;

/// <summary>An MQTT 5 server on a real socket whose every answer a test can choose.</summary>
internal sealed class MockServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<MockConnection> _connections = Channel.CreateUnbounded<MockConnection>();
    private readonly Task _accepting;

    public MockServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answers CONNECT; null: closes instead.</summary>
    public Func<ConnectPacket, ConnAckPacket?> OnConnect { get; set; } = static _ => new ConnAckPacket();

    /// <summary>Answers a QoS 1 publish; null: no answer.</summary>
    public Func<MockConnection, PublishPacket, ReasonCode?> OnPublish { get; set; } = static (_, _) => ReasonCode.Success;

    /// <summary>Answers a subscription; null: no answer to its packet.</summary>
    public Func<Subscription, ReasonCode?> OnSubscribe { get; set; } = static s => (ReasonCode)s.MaximumQos;

    /// <summary>Answers nothing at all, and goes on reading.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The next connection that got its CONNACK.</summary>
    public async Task<MockConnection> NextAsync() => await _connections.Reader.ReadAsync().AsTask().Soon();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                serving.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = new MockConnection(this, client);
        await connection.RunAsync(c => _connections.Writer.TryWrite(c), _stop.Token);
    }
}

internal static class Waiting
{
    /// <summary>One minute: a machine on which thirty things run at once is slow, not stuck.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Ends a test that would wait for ever.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(s_patience);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(s_patience);

    /// <summary>Waits for what nothing announces.</summary>
    public static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!reached())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
