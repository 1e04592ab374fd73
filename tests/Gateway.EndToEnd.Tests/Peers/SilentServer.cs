using System.Net;
using System.Net.Sockets;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>A server that accepts, answers CONNECT if it is told to, and never says a word again.</summary>
internal sealed class SilentServer : IAsyncDisposable
{
    /// <summary>CONNACK: no session, Success, no properties (MQTT 5.0 §3.2).</summary>
    private static readonly byte[] s_connAck = [0x20, 3, 0, 0, 0];

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _held = [];
    private readonly bool _answersConnect;
    private readonly Task _accepting;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SilentServer(bool answersConnect)
    {
        _answersConnect = answersConnect;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Completes when the first client has sent its first bytes.</summary>
    public Task Connected => _connected.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _held.ForEach(s => s.Dispose());
    }

    private async Task AcceptAsync()
    {
        var packet = new byte[4096];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                _held.Add(client);
                if (await client.ReceiveAsync(packet) > 0)
                {
                    if (_answersConnect)
                    {
                        await client.SendAsync(s_connAck);
                    }

                    _connected.TrySetResult();
                }
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
        catch (ObjectDisposedException)
        {
            // Disposed between two calls.
        }
    }
}
