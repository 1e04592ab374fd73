using Gateway.Core;
using Gateway.Mqtt;

namespace Gateway.Adapters.Modbus;

/// <summary>Makes connections of Modbus/TCP Security: TLS 1.2 or newer, in which both ends show a certificate. The files are read anew for each, so that renewed ones count.</summary>
internal sealed class TlsDialer(ModbusTlsOptions options, TimeProvider time) : IHostDialer<TlsConnection>
{
    private readonly TcpDialer _tcp = new(options, time);
    private readonly ClockTrust _clock = new(ClockMode.Auto, time);

    public async ValueTask<(TlsConnection? Connection, LineFault? Fault)> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        if (options.Tls.TryLoad(out var problem) is not { } material)
        {
            return (null, LineFaults.TlsFiles(problem!));
        }

        var (socket, fault) = await _tcp.OpenAsync(host, port, cancellation);
        if (socket is null)
        {
            return (null, fault);
        }

        using var deadline = new CancellationTokenSource(options.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var plain = new SocketConnection(socket).AsStream();
        try
        {
            var (secured, cause) = await new TlsHandshake(host, material, () => _clock.IsTrusted, time).RunAsync(plain, both.Token);
            return secured is null ? (null, LineFaults.Tls(cause!)) : (new TlsConnection(secured), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, LineFaults.Tls("no answer to the handshake"));
        }
    }
}
