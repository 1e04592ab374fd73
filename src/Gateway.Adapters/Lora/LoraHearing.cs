using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Lora;

/// <summary>A packet that a scan heard.</summary>
/// <param name="Node">Who sent it; null: nothing says it.</param>
/// <param name="Rssi">dBm; null: not told.</param>
/// <param name="Snr">dB; null: not told.</param>
/// <param name="Payload">What a decoder gets.</param>
/// <param name="Values">What the link's decoder makes of it, for people; empty: nothing.</param>
/// <param name="Note">What is to be known of it (<c>encrypted</c>); null: nothing.</param>
public sealed record HeardNode(int? Node, decimal? Rssi, decimal? Snr, ReadOnlyMemory<byte> Payload, string Values, string? Note);

/// <summary>Listens with a modem and takes nothing further: for scans.</summary>
/// <param name="options">The link.</param>
/// <param name="time">The clock.</param>
public sealed class LoraHearing(LoraOptions options, TimeProvider time) : IModemListener
{
    private readonly IPayloadDecoder _decoder = options.Decoder.Create();

    /// <summary>Called with each packet, by the task that listens.</summary>
    public Action<HeardNode>? OnHeard { get; init; }

    /// <summary>Called when the modem listens (null, null), or cannot be used and why.</summary>
    public Action<string?, string?>? OnChanged { get; init; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var pump = new ModemPump(options.Serial, options.CreateDialect(), this, time);
        await pump.RunAsync(cancellation);
    }

    void IModemListener.Packet(in HeardPacket packet)
    {
        var (node, payload, note) = (packet.From, packet.Payload, (string?)null);
        int? port = null;
        if (options.HasFrames)
        {
            note = NodeFrame.Parse(packet.Payload, out var frame);
            if (note is null)
            {
                (node, payload, port) = (frame.Node, frame.Payload, frame.Port);
                note = frame.IsEncrypted ? "encrypted" : null;
            }
        }
        else if (options.NodeBytes > 0 && payload.Length >= options.NodeBytes)
        {
            node = options.NodeBytes == 1 ? payload.Span[0] : (payload.Span[0] << 8) | payload.Span[1];
            payload = payload[options.NodeBytes..];
        }

        OnHeard?.Invoke(new(node, packet.Rssi, packet.Snr, payload, note is null ? Values(payload.Span, port) : "", note));
    }

    void IModemListener.Changed(ModemFault? fault) => OnChanged?.Invoke(fault?.Reason, fault?.Remedy);

    void IModemListener.Restarted()
    {
    }

    void IModemListener.Noise(int bytes)
    {
    }

    void IModemListener.Unknown(string line)
    {
    }

    void IModemListener.Passed()
    {
    }

    private string Values(ReadOnlySpan<byte> payload, int? port)
    {
        var values = new DecodedValues();
        return _decoder.Decode(payload, port, values).Status == PayloadStatus.Refused ? ""
            : string.Join(", ", Enumerable.Range(0, values.Count).Select(i => $"{values[i].Field} {(values[i].Error is { } error ? $"({error})" : $"{values[i].Value}{(values[i].Unit is { } unit ? $" {unit}" : "")}")}"));
    }
}
