using System.Buffers;
using System.Threading.Channels;

namespace Gateway.Simulators;

/// <summary>A simulated modem behind a pseudo-terminal: what the gateway opens is <see cref="Device"/>.</summary>
public sealed class ModemPort : IAsyncDisposable
{
    /// <summary>20 ms: three bytes at 9600 baud and what a busy machine takes between two reads.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly PseudoTerminal _terminal;
    private readonly SimulatedModem _modem;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _out = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly Task _duties;
    private bool _isDisposed;

    /// <param name="modem">What is on it.</param>
    /// <param name="link">A name for the device, like one under <c>/dev/serial/by-id</c>; null: that of the pseudo-terminal.</param>
    public ModemPort(SimulatedModem modem, string? link = null)
    {
        (_modem, _terminal) = (modem, PseudoTerminal.Open(link));
        modem.Out = bytes => _out.Writer.TryWrite(bytes);
        _duties = Task.WhenAll(HearAsync(), SpeakAsync());
    }

    public string Device => _terminal.Device;

    /// <summary>Longest piece that is written at once; null: each answer in one piece.</summary>
    public int? Chunk { get; set; }

    /// <summary>Unplugged.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync();
        await _duties;
        await _terminal.DisposeAsync();
        _stop.Dispose();
    }

    private async Task HearAsync()
    {
        try
        {
            while (true)
            {
                var reading = _terminal.Port.Input.ReadAsync(_stop.Token).AsTask();
                if (await Task.WhenAny(reading, Task.Delay(s_pause, _stop.Token)) != reading)
                {
                    _modem.Pause();
                }

                var read = await reading;
                var bytes = read.Buffer.ToArray();
                _terminal.Port.Input.AdvanceTo(read.Buffer.End);
                _modem.Receive(bytes);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The simulation ends.
        }
    }

    private async Task SpeakAsync()
    {
        try
        {
            await foreach (var bytes in _out.Reader.ReadAllAsync(_stop.Token))
            {
                for (var at = 0; at < bytes.Length; at += Chunk ?? bytes.Length)
                {
                    await _terminal.Port.WriteAsync(bytes.AsMemory(at, Math.Min(Chunk ?? bytes.Length, bytes.Length - at)), _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The simulation ends.
        }
    }
}
