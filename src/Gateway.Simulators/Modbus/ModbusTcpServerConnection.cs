using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>One client of a simulated device: answers one request after the other, as devices do.</summary>
internal sealed class ModbusTcpServerConnection(Socket socket, ConcurrentDictionary<byte, SimulatedUnit> units, FaultPlan faults, TimeProvider time)
{
    private readonly byte[] _request = new byte[MbapHeader.MaxFrame];
    private readonly byte[] _response = new byte[MbapHeader.MaxFrame];

    public async Task ServeAsync(CancellationToken cancellation)
    {
        try
        {
            socket.NoDelay = true;
            while (await FillAsync(0, MbapHeader.Size, cancellation)
                && MbapHeader.TryRead(_request, out var header)
                && await FillAsync(MbapHeader.Size, header.PduLength, cancellation)
                && await AnswerAsync(header, cancellation))
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went, or the simulation ends: nobody is left to be told.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async ValueTask<bool> FillAsync(int offset, int count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            var got = await socket.ReceiveAsync(_request.AsMemory(offset, count), SocketFlags.None, cancellation);
            if (got == 0)
            {
                return false;
            }

            offset += got;
            count -= got;
        }

        return true;
    }

    /// <returns>false: the connection is to be closed.</returns>
    private async ValueTask<bool> AnswerAsync(MbapHeader header, CancellationToken cancellation)
    {
        var fault = faults.For(header.Unit);
        var frame = _response.AsMemory(0, MbapHeader.Size + Answer(header, fault));
        switch (fault?.Kind)
        {
            case FaultKind.Silence:
                return true;
            case FaultKind.Close:
                return false;
            case FaultKind.Late:
                await Task.Delay(fault.Delay, time, cancellation);
                break;
            case FaultKind.Dribble:
                return await DribbleAsync(frame, fault.Delay, cancellation);
            case FaultKind.Half or FaultKind.HalfAndClose:
                await socket.SendAsync(frame[..(frame.Length / 2)], SocketFlags.None, cancellation);
                return fault.Kind == FaultKind.Half;
            case FaultKind.StrangerFirst:
                var stranger = frame.ToArray();
                stranger[0] ^= 0x55;
                await socket.SendAsync(stranger, SocketFlags.None, cancellation);
                break;
            default:
                Damage(frame.Span, fault);
                break;
        }

        await socket.SendAsync(frame, SocketFlags.None, cancellation);
        return true;
    }

    private int Answer(MbapHeader header, Fault? fault)
    {
        var request = _request.AsSpan(MbapHeader.Size, header.PduLength);
        var response = _response.AsSpan(MbapHeader.Size);
        var length = fault?.Kind == FaultKind.Exception ? UnitRequest.Refuse(request, response, fault.Exception)
            : units.TryGetValue(header.Unit, out var unit) ? unit.Answer(request, response)
            : UnitRequest.Refuse(request, response, ExceptionCode.GatewayTargetFailed);
        (header with { PduLength = length }).Write(_response);
        return length;
    }

    private async ValueTask<bool> DribbleAsync(ReadOnlyMemory<byte> frame, TimeSpan pause, CancellationToken cancellation)
    {
        for (var i = 0; i < frame.Length; i++)
        {
            await socket.SendAsync(frame.Slice(i, 1), SocketFlags.None, cancellation);
            await Task.Delay(pause, time, cancellation);
        }

        return true;
    }

    private static void Damage(Span<byte> frame, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.WrongTransaction:
                frame[0] ^= 0x55;
                break;
            case FaultKind.WrongProtocol:
                frame[3] = 1;
                break;
            case FaultKind.WrongLength:
                BinaryPrimitives.WriteUInt16BigEndian(frame[4..], fault.Length);
                break;
            case FaultKind.WrongUnit:
                frame[6]++;
                break;
            case FaultKind.WrongFunction:
                frame[MbapHeader.Size] ^= 7;
                break;
            case FaultKind.WrongByteCount:
                frame[MbapHeader.Size + 1] += 2;
                break;
            default:
                break;
        }
    }
}
