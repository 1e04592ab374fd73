using System.IO.Pipelines;
using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Modbus;

/// <summary>RTU frames on a serial port.</summary>
internal sealed class SerialLine(SerialSettings settings) : IByteLine
{
    /// <summary>Above 19200 baud the silence is fixed.</summary>
    private static readonly TimeSpan s_shortestSilence = TimeSpan.FromMilliseconds(1.75);

    /// <summary>50 ms: USB adapters hand bytes on every 16 ms, and this machine may be busy.</summary>
    private static readonly TimeSpan s_adapterPause = TimeSpan.FromMilliseconds(50);

    private SerialPort? _port;

    public TimeSpan FrameSilence { get; } = settings.Baud > 19200 ? s_shortestSilence : settings.Characters(3.5);

    public TimeSpan? LongestPause => FrameSilence + s_adapterPause;

    public bool IsCleanWhenReopened => false;

    public PipeReader Input => _port!.Input;

    public TimeSpan TimeOf(int bytes) => settings.Characters(bytes);

    public ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
    {
        (_port, var fault) = SerialPort.Open(settings);
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
