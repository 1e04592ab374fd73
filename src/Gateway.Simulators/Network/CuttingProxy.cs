using System.Net;
using System.Net.Sockets;

namespace Gateway.Simulators;

/// <summary>A TCP proxy that can be cut and mended, so that the line to the cloud can fail without touching anything else.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly Socket _listener;
    private readonly Task _accepting;
    private bool _cut;

    /// <summary>Listens on a free loopback port and passes everything to <paramref name="target"/>.</summary>
    public CuttingProxy(IPEndPoint target)
    {
        _target = target;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Resets every connection, and each new one at once, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _cut = true;
            foreach (var socket in _open)
            {
                socket.Close(timeout: 0);
            }

            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_lock)
        {
            _cut = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var near = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
            _ = PassAsync(near);
        }
    }

    /// <summary>Passes both directions until one ends. Its failures are the failures of the line, which is what the proxy is for.</summary>
    private async Task PassAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        if (!Register(near, far))
        {
            near.Close(timeout: 0);
            return;
        }

        try
        {
            await far.ConnectAsync(_target, _stop.Token).ConfigureAwait(false);
            await Task.WhenAll(CopyAsync(near, far), CopyAsync(far, near)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut, refused or stopped: both ends see it below.
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(near);
                _open.Remove(far);
            }

            near.Dispose();
            far.Dispose();
        }
    }

    private bool Register(Socket near, Socket far)
    {
        lock (_lock)
        {
            if (_cut)
            {
                return false;
            }

            _open.Add(near);
            _open.Add(far);
            return true;
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false)) > 0)
            {
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token).ConfigureAwait(false);
                }
            }

            // An orderly end goes through, after all that was sent before it.
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction ends with it.
            from.Dispose();
            to.Dispose();
        }
    }
}
