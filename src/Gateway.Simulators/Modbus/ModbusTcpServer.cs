using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>A simulated Modbus TCP device, or a gateway with units behind it, on a real socket. What goes wrong is in <see cref="Faults"/>.</summary>
public sealed class ModbusTcpServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly TimeProvider _time;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly MbapServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<byte, SimulatedUnit> _units = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = new();
    private readonly Task _accepting;

    private ModbusTcpServer(Socket listener, SslServerAuthenticationOptions? tls, TimeProvider time)
    {
        _listener = listener;
        _time = time;
        _tls = tls;
        _server = new(_units, Faults);
        Endpoint = (IPEndPoint)listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    public FaultPlan Faults { get; } = new();

    /// <summary>Connections accepted since the start.</summary>
    public int Accepted => _accepted;

    private int _accepted;
    private int _isDisposed;

    /// <param name="endpoint">Where to listen; port 0 for any.</param>
    /// <param name="time">For delayed answers; null for the system's.</param>
    /// <param name="tls">For Modbus/TCP Security; null: plain.</param>
    /// <exception cref="SocketException">The port is in use, or not allowed.</exception>
    public static ModbusTcpServer Start(IPEndPoint endpoint, TimeProvider? time = null, SslServerAuthenticationOptions? tls = null) =>
        new(Listening.On(endpoint), tls, time ?? TimeProvider.System);

    /// <summary>On a free port of 127.0.0.1.</summary>
    public static ModbusTcpServer Start() => Start(new(IPAddress.Loopback, 0));

    /// <summary>The unit with this identifier; made when it is first named. Others answer with exception 11.</summary>
    public SimulatedUnit Unit(byte id) => _units.GetOrAdd(id, _ => new());

    /// <summary>Closes what is connected; who comes again is served.</summary>
    public void DropConnections()
    {
        foreach (var socket in _connections.Keys)
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Dispose();
        DropConnections();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                var serving = ServeAsync(socket);
                _connections[socket] = serving;
                _ = serving.ContinueWith(_ => _connections.TryRemove(socket, out var _), TaskScheduler.Default);
            }
            catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        var plain = new SocketConnection(socket);
        IAsyncConnection? connection = _tls is null ? plain : await SecureAsync(plain);
        if (connection is not null)
        {
            await new ModbusTcpServerConnection(connection, _server, _time).ServeAsync(_stop.Token);
        }
    }

    /// <returns>null: the client was not let in, or went.</returns>
    private async Task<TlsConnection?> SecureAsync(SocketConnection plain)
    {
        var stream = new SslStream(plain.AsStream(), leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsServerAsync(_tls!, _stop.Token);
            return new(stream);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            await stream.DisposeAsync();
            return null;
        }
    }
}
