using System.Net;
using System.Net.Sockets;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>A Modbus TCP device that takes every connection and request and never answers. It remembers what it was asked.</summary>
internal sealed class SilentDevice : IAsyncDisposable
{
    /// <summary>MBAP header (7 bytes), then the function code.</summary>
    private const int FunctionAt = 7;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly List<byte> _functions = [];
    private readonly Task _accepting;

    public SilentDevice()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Function codes of all requests so far.</summary>
    public IReadOnlyList<byte> Functions
    {
        get
        {
            lock (_functions)
            {
                return [.. _functions];
            }
        }
    }

    /// <summary>The next request that nobody has waited for yet.</summary>
    public async Task WaitForRequestAsync() => Assert.True(await _asked.WaitAsync(TimeSpan.FromSeconds(60)), "no request came");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _asked.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            using var connection = await _listener.AcceptAsync(_stop.Token);
            try
            {
                await ListenAsync(connection);
            }
            catch (SocketException)
            {
                // The master was killed.
            }
        }
    }

    private async Task ListenAsync(Socket connection)
    {
        var request = new byte[512];
        while (await connection.ReceiveAsync(request, _stop.Token) is var read and > FunctionAt)
        {
            lock (_functions)
            {
                _functions.Add(request[FunctionAt]);
            }

            _asked.Release();
        }
    }
}
