using System.IO.Pipelines;
using System.Net.Sockets;

namespace Gateway.Adapters.Modbus;

/// <summary>Frames of a serial line over TCP, to a device server that passes them on to a serial line and keeps the silence there.</summary>
internal sealed class TcpLine(ModbusConnectionOptions options, TimeProvider time) : IByteLine
{
    private readonly HostConnector<SocketConnection> _hosts = new(options, new TcpDialer(options, time), time);
    private SocketConnection? _connection;
    private PipeReader? _input;
    private bool _hasCarried;

    public LineFault? Note => _hosts.Note;

    public FrameTiming? Timing => null;

    public bool IsCleanWhenReopened => true;

    public PipeReader Input => _input!;

    public TimeSpan TimeOf(int bytes) => TimeSpan.Zero;

    public async ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        var (connection, fault) = await _hosts.ConnectAsync(cancellation);
        Use(connection);
        return fault;
    }

    public async ValueTask PrepareAsync()
    {
        if (_hosts.TakeReturn() is { } connection)
        {
            await CloseAsync();
            Use(connection);
        }
    }

    public async ValueTask<LineFault?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await _connection!.SendAsync(bytes, cancellation);
            return null;
        }
        catch (SocketException e)
        {
            return LineFaults.Of(e);
        }
    }

    public void Carried()
    {
        _hasCarried = true;
        _hosts.Carried();
    }

    public LineFault? LookForEnd() => _connection!.HasEnded() ? LineFaults.ClosedByPeer : null;

    public async ValueTask CloseAsync()
    {
        if (_input is { } input)
        {
            (_input, _connection) = (null, null);
            await input.CompleteAsync();
            if (!_hasCarried)
            {
                _hosts.WasSilent();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _hosts.DisposeAsync();
    }

    private void Use(SocketConnection? connection)
    {
        _connection = connection;
        _input = connection is null ? null : PipeReader.Create(connection.AsStream());
        _hasCarried = false;
    }
}
