using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>A simulated Modbus UDP device, or a gateway with units behind it. What goes wrong is in <see cref="Faults"/>.</summary>
public sealed class ModbusUdpServer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<byte, SimulatedUnit> _units = new();
    private readonly MbapServer _server;
    private readonly byte[] _response = new byte[MbapHeader.MaxFrame];
    private readonly Task _serving;
    private bool _isDisposed;

    private ModbusUdpServer(Socket socket, TimeProvider time)
    {
        (_socket, _time, Endpoint) = (socket, time, (IPEndPoint)socket.LocalEndPoint!);
        _server = new(_units, Faults);
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    public FaultPlan Faults { get; } = new();

    /// <param name="endpoint">Where to listen; port 0 for any.</param>
    /// <param name="time">For delayed answers; null for the system's.</param>
    /// <exception cref="SocketException">The port is in use, or not allowed.</exception>
    public static ModbusUdpServer Start(IPEndPoint endpoint, TimeProvider? time = null)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(endpoint);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        return new(socket, time ?? TimeProvider.System);
    }

    /// <summary>On a free port of 127.0.0.1.</summary>
    public static ModbusUdpServer Start() => Start(new(IPAddress.Loopback, 0));

    /// <summary>The unit with this identifier; made when it is first named. Others answer with exception 11.</summary>
    public SimulatedUnit Unit(byte id) => _units.GetOrAdd(id, _ => new());

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync();
        _socket.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var request = new byte[MbapHeader.MaxFrame];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var got = await _socket.ReceiveFromAsync(request, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (got.ReceivedBytes > MbapHeader.Size && MbapHeader.TryRead(request, out var header) && got.ReceivedBytes == MbapHeader.Size + header.PduLength)
                {
                    await AnswerAsync(header, request.AsMemory(MbapHeader.Size, header.PduLength), got.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // A client that is gone shows as an error of the next receive; or the simulation ends.
            }
        }
    }

    private async Task AnswerAsync(MbapHeader header, ReadOnlyMemory<byte> request, EndPoint client)
    {
        var fault = _server.FaultFor(header.Unit);
        var frame = _response.AsMemory(0, _server.Answer(header, request.Span, fault, _response));
        switch (fault?.Kind)
        {
            case FaultKind.Silence:
                return;
            case FaultKind.Late:
                await Task.Delay(fault.Delay, _time, _stop.Token);
                break;
            case FaultKind.Half:
                frame = frame[..(frame.Length / 2)];
                break;
            case FaultKind.StrangerFirst:
                await SendAsync(MbapServer.Stranger(frame.Span), client);
                break;
            case FaultKind.Repeated:
                await SendAsync(frame, client);
                break;
            case FaultKind.ForeignFirst:
                await SendForeignAsync(frame, client);
                break;
            default:
                break;
        }

        await SendAsync(frame, client);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, EndPoint client) => await _socket.SendToAsync(frame, SocketFlags.None, client, _stop.Token);

    /// <summary>From another port, and with other values.</summary>
    private async Task SendForeignAsync(ReadOnlyMemory<byte> frame, EndPoint client)
    {
        var forged = frame.ToArray();
        forged[^1] ^= 0xFF;
        using var foreign = new Socket(client.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await foreign.SendToAsync(forged, SocketFlags.None, client, _stop.Token);
    }
}
