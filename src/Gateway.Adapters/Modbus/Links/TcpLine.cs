using System.IO.Pipelines;
using System.Net.Sockets;

namespace Gateway.Adapters.Modbus;

/// <summary>Frames of a serial line over TCP, to a device server that passes them on to a serial line and keeps the silence there.</summary>
internal sealed class TcpLine(ModbusHostOptions options, TimeProvider time) : IByteLine
{
    private Socket? _socket;
    private PipeReader? _input;

    public FrameTiming? Timing => null;

    public bool IsCleanWhenReopened => true;

    public PipeReader Input => _input!;

    public TimeSpan TimeOf(int bytes) => TimeSpan.Zero;

    public async ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        (_socket, var fault) = await TcpConnection.ConnectAsync(options, time, cancellation);
        _input = _socket is null ? null : PipeReader.Create(new NetworkStream(_socket, ownsSocket: true));
        return fault;
    }

    public async ValueTask<LineFault?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await TcpConnection.SendAllAsync(_socket!, bytes, cancellation);
            return null;
        }
        catch (SocketException e)
        {
            return LineFaults.Of(e);
        }
    }

    public LineFault? LookForEnd() => TcpConnection.HasEnded(_socket!) ? LineFaults.ClosedByPeer : null;

    public async ValueTask CloseAsync()
    {
        if (_input is { } input)
        {
            (_input, _socket) = (null, null);
            await input.CompleteAsync();
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();
}
