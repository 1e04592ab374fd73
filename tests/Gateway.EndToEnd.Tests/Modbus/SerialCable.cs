using System.IO.Pipelines;
using Gateway.Adapters.Serial;
using Gateway.Simulators;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>Two serial adapters with a cable between them.</summary>
internal sealed class SerialCable : IAsyncDisposable
{
    private readonly PseudoTerminal _one = PseudoTerminal.Open();
    private readonly PseudoTerminal _other = PseudoTerminal.Open();
    private readonly Task _carrying;

    public SerialCable() => _carrying = Task.WhenAll(CarryAsync(_one.Port.Input, _other.Port), CarryAsync(_other.Port.Input, _one.Port));

    public string One => _one.Device;

    public string Other => _other.Device;

    public async ValueTask DisposeAsync()
    {
        _one.Port.Input.CancelPendingRead();
        _other.Port.Input.CancelPendingRead();
        await _carrying;
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    private static async Task CarryAsync(PipeReader from, ISerialPort to)
    {
        while (await from.ReadAsync() is { IsCanceled: false, IsCompleted: false } read)
        {
            foreach (var piece in read.Buffer)
            {
                Assert.Null(await to.WriteAsync(piece, default));
            }

            from.AdvanceTo(read.Buffer.End);
        }
    }
}
