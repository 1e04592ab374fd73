using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>Simulated units on one serial line: on a pseudo-terminal, or behind a simulated device server. What goes wrong is in <see cref="Faults"/>.</summary>
public sealed class ModbusSerialServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<byte, SimulatedUnit> _units = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly ISerialRequests _requests;
    private readonly IAsyncDisposable? _terminal;
    private readonly Socket? _listener;
    private readonly Task _serving;
    private Socket? _client;
    private int _accepted;
    private bool _isDisposed;

    private ModbusSerialServer(PseudoTerminal terminal, bool isAscii, TimeProvider time)
    {
        (_terminal, _requests, _time, Device) = (terminal, Requests(isAscii), time, terminal.Device);
        _serving = ServeAsync(terminal.Port.Input, async bytes => await terminal.Port.WriteAsync(bytes, _stop.Token));
    }

    private ModbusSerialServer(Socket listener, bool isAscii, TimeProvider time)
    {
        (_listener, _requests, _time, Endpoint) = (listener, Requests(isAscii), time, (IPEndPoint)listener.LocalEndPoint!);
        _serving = AcceptAsync();
    }

    /// <summary>What the gateway opens; empty behind a device server.</summary>
    public string Device { get; } = "";

    /// <summary>Where the device server listens; null on a pseudo-terminal.</summary>
    public IPEndPoint? Endpoint { get; }

    public FaultPlan Faults { get; } = new();

    /// <summary>What is sent to it comes back at once, as on a two-wire line whose sender hears itself.</summary>
    public bool Echoes { get; set; }

    /// <summary>Connections accepted since the start.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <param name="link">A name for the device; null: that of the pseudo-terminal.</param>
    /// <param name="time">For delayed answers; null for the system's.</param>
    /// <param name="isAscii">ASCII instead of RTU.</param>
    public static ModbusSerialServer OnTerminal(string? link = null, TimeProvider? time = null, bool isAscii = false) =>
        new(PseudoTerminal.Open(link), isAscii, time ?? TimeProvider.System);

    /// <summary>Behind a device server, for one client at a time.</summary>
    /// <param name="time">For delayed answers; null for the system's.</param>
    /// <param name="isAscii">ASCII instead of RTU.</param>
    /// <param name="endpoint">Where to listen; null: on a free port of 127.0.0.1.</param>
    /// <exception cref="SocketException">The port is in use, or not allowed.</exception>
    public static ModbusSerialServer BehindDeviceServer(TimeProvider? time = null, bool isAscii = false, IPEndPoint? endpoint = null) =>
        new(Listening.On(endpoint ?? new(IPAddress.Loopback, 0)), isAscii, time ?? TimeProvider.System);

    /// <summary>The unit with this address; made when it is first named. Others are not there: nobody answers.</summary>
    public SimulatedUnit Unit(byte id) => _units.GetOrAdd(id, static _ => new());

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync();
        _listener?.Dispose();
        _client?.Dispose();
        await _serving;
        if (_terminal is not null)
        {
            await _terminal.DisposeAsync();
        }

        _stop.Dispose();
    }

    private static ISerialRequests Requests(bool isAscii) => isAscii ? new AsciiRequests() : new RtuRequests();

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = _client = await _listener!.AcceptAsync(_stop.Token);
                client.NoDelay = true;
                Interlocked.Increment(ref _accepted);
                var input = PipeReader.Create(new NetworkStream(client));
                await ServeAsync(input, async bytes => await client.SendAsync(bytes, SocketFlags.None, _stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // The client went, or the simulation ends.
            }
        }
    }

    private async Task ServeAsync(PipeReader input, Func<ReadOnlyMemory<byte>, Task> send)
    {
        try
        {
            var seen = 0L;
            while (true)
            {
                var read = await input.ReadAsync(_stop.Token);
                if (Echoes && read.Buffer.Length > seen)
                {
                    await send(read.Buffer.Slice(seen).ToArray());
                }

                var request = _requests.Find(read.Buffer.ToArray(), out var taken);
                seen = read.Buffer.Length - taken;
                input.AdvanceTo(read.Buffer.GetPosition(taken), read.Buffer.End);

                // A line has no connection that could be closed: there it is silence.
                if (request.Length == 0 ? read.IsCompleted : !await HearAsync(request, send) && _terminal is null)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The line ends.
        }
    }

    /// <summary>Every unit hears every request; the one that is meant answers.</summary>
    /// <returns>false: the connection is to be closed.</returns>
    private async Task<bool> HearAsync(byte[] request, Func<ReadOnlyMemory<byte>, Task> send)
    {
        foreach (var unit in _units.Values)
        {
            unit.Counters.Count(DiagnosticFunction.BusMessages);
            if (request[0] == 0)
            {
                unit.Hear(request.AsSpan(1));
            }
        }

        return await AnswerAsync(request, send);
    }

    /// <returns>false: the connection is to be closed.</returns>
    private async Task<bool> AnswerAsync(byte[] request, Func<ReadOnlyMemory<byte>, Task> send)
    {
        if (request[0] == 0 || !_units.TryGetValue(request[0], out var unit))
        {
            return true;
        }

        var fault = Faults.For(request[0]);
        var (frame, stranger) = Answer(request, unit, fault);
        switch (fault?.Kind)
        {
            case FaultKind.Silence:
                return true;
            case FaultKind.Close:
                return false;
            case FaultKind.Late:
                await Task.Delay(fault.Delay, _time, _stop.Token);
                break;
            case FaultKind.Dribble:
                foreach (var value in frame)
                {
                    await send(new[] { value });
                    await Task.Delay(fault.Delay, _time, _stop.Token);
                }

                return true;
            case FaultKind.Half or FaultKind.HalfAndClose:
                await send(frame.AsMemory(0, frame.Length / 2));
                return fault.Kind == FaultKind.Half;
            case FaultKind.LeadingNoise:
                await send(new byte[] { 0x00, frame[0] });
                break;
            case FaultKind.StrangerFirst:
                await send(stranger);
                break;
            case FaultKind.Repeated:
                await send(frame);
                break;
            default:
                break;
        }

        await send(frame);
        return true;
    }

    /// <returns>The answer, and the same from another unit.</returns>
    private (byte[] Frame, byte[] Stranger) Answer(ReadOnlySpan<byte> request, SimulatedUnit unit, Fault? fault)
    {
        Span<byte> response = stackalloc byte[ModbusLimits.Pdu];
        var question = request[1..];
        var pdu = response[..(fault?.Kind == FaultKind.Exception ? UnitRequest.Refuse(question, response, fault.Exception) : unit.Answer(question, response))];
        var address = request[0];
        switch (fault?.Kind)
        {
            case FaultKind.WrongUnit:
                address++;
                break;
            case FaultKind.WrongFunction:
                pdu[0] ^= 7;
                break;
            case FaultKind.WrongByteCount:
                pdu[1] += 2;
                break;
            default:
                break;
        }

        var frame = _requests.Frame(address, pdu);
        if (fault?.Kind == FaultKind.WrongChecksum)
        {
            _requests.Damage(frame);
        }

        return (frame, _requests.Frame((byte)(request[0] + 1), pdu));
    }
}
