using System.IO.Pipelines;
using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Modbus;

/// <summary>Frames on a serial port.</summary>
internal sealed class SerialLine(SerialSettings settings, FrameTiming timing) : IByteLine
{
    private SerialPort? _port;
    private volatile LineFault? _note;

    public LineFault? Note => _note;

    public FrameTiming? Timing => timing;

    public bool IsCleanWhenReopened => false;

    public PipeReader Input => _port!.Input;

    public TimeSpan TimeOf(int bytes) => settings.Characters(bytes);

    public ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        (_port, var fault) = SerialPort.Open(settings);
        _note = LineFaults.Of(_port?.Note);
        return ValueTask.FromResult(LineFaults.Of(fault));
    }

    public async ValueTask<LineFault?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => LineFaults.Of(await _port!.WriteAsync(bytes, cancellation));

    public LineFault? LookForEnd() => LineFaults.Of(_port!.Fault);

    public async ValueTask CloseAsync()
    {
        if (_port is { } port)
        {
            _port = null;
            await port.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();
}
