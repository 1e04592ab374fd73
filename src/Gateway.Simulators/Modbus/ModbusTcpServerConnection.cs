using System.Net.Sockets;
using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>One client of a simulated device: answers one request after the other, as devices do.</summary>
internal sealed class ModbusTcpServerConnection(IAsyncConnection connection, MbapServer server, TimeProvider time)
{
    private readonly byte[] _request = new byte[MbapHeader.MaxFrame];
    private readonly byte[] _response = new byte[MbapHeader.MaxFrame];

    public async Task ServeAsync(CancellationToken cancellation)
    {
        try
        {
            while (await FillAsync(0, MbapHeader.Size, cancellation)
                && MbapHeader.TryRead(_request, out var header)
                && await FillAsync(MbapHeader.Size, header.PduLength, cancellation)
                && await AnswerAsync(header, cancellation))
            {
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went, or the simulation ends: nobody is left to be told.
        }
        finally
        {
            connection.Dispose();
        }
    }

    private async ValueTask<bool> FillAsync(int offset, int count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            var got = await connection.ReceiveAsync(_request.AsMemory(offset, count), cancellation);
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
        var fault = server.FaultFor(header.Unit);
        var frame = _response.AsMemory(0, server.Answer(header, _request.AsSpan(MbapHeader.Size, header.PduLength), fault, _response));
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
                await connection.SendAsync(frame[..(frame.Length / 2)], cancellation);
                return fault.Kind == FaultKind.Half;
            case FaultKind.StrangerFirst:
                await connection.SendAsync(MbapServer.Stranger(frame.Span), cancellation);
                break;
            case FaultKind.Repeated:
                await connection.SendAsync(frame, cancellation);
                break;
            default:
                break;
        }

        await connection.SendAsync(frame, cancellation);
        return true;
    }

    private async ValueTask<bool> DribbleAsync(ReadOnlyMemory<byte> frame, TimeSpan pause, CancellationToken cancellation)
    {
        for (var i = 0; i < frame.Length; i++)
        {
            await connection.SendAsync(frame.Slice(i, 1), cancellation);
            await Task.Delay(pause, time, cancellation);
        }

        return true;
    }
}
