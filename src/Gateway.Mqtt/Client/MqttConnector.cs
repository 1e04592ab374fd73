using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Mqtt;

/// <summary>The first exchange: transport, CONNECT, CONNACK, all under one deadline.</summary>
internal sealed class MqttConnector(MqttClientOptions options, TimeProvider time)
{
    private string _stage = "connecting";

    public async Task<MqttConnectResult> RunAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        Stream? stream = null;
        try
        {
            _stage = options.Tls is null ? "connecting" : "connecting or in the TLS handshake";
            (stream, var failure) = await ClientTransport.OpenAsync(options, time, deadline.Token);
            if (stream is null)
            {
                return new MqttConnectResult(null, failure);
            }

            _stage = "waiting for CONNACK";
            var result = await ExchangeAsync(stream, deadline.Token);
            if (result.Client is not null)
            {
                stream = null;
            }

            return result;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new MqttConnectResult(
                ConnectFailureKind.Timeout, $"{ClientTransport.Address(options)} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s ({_stage})");
        }
        catch (IOException e)
        {
            return new MqttConnectResult(ConnectFailureKind.Closed, $"{ClientTransport.Address(options)} ended the connection before CONNACK: {e.Message}");
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }
        }
    }

    private async Task<MqttConnectResult> ExchangeAsync(Stream stream, CancellationToken deadline)
    {
        var output = new ArrayBufferWriter<byte>();
        Packet().Write(output);
        await stream.WriteAsync(output.WrittenMemory, deadline);
        await stream.FlushAsync(deadline);
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 << 10));
        while (true)
        {
            var read = await input.ReadAsync(deadline);
            var buffer = read.Buffer;
            var status = PacketFramer.TryRead(ref buffer, options.MaximumPacketSize, out var header, out var body);
            if (status == FrameStatus.Complete)
            {
                var result = Judge(stream, input, header, body.ToArray());
                input.AdvanceTo(buffer.Start);
                return result;
            }

            if (status != FrameStatus.Incomplete)
            {
                return NotMqtt();
            }

            if (read.IsCompleted)
            {
                return new MqttConnectResult(
                    ConnectFailureKind.Closed,
                    $"{ClientTransport.Address(options)} closed the connection before CONNACK: it may not speak this protocol version, or not trust our certificate");
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private MqttConnectResult Judge(Stream stream, PipeReader input, byte header, ReadOnlySpan<byte> body)
    {
        if (header >> 4 != (int)PacketType.ConnAck || ConnAckPacket.TryDecode(header, body, options.Version, out var packet) != ReasonCode.Success)
        {
            return NotMqtt();
        }

        if (packet.ReasonCode != ReasonCode.Success)
        {
            var said = packet.ReasonString is { } text ? $": {text}" : "";
            said += packet.ServerReference is { } elsewhere ? $" (it names {elsewhere} instead)" : "";
            return new MqttConnectResult(
                ConnectFailureKind.Rejected,
                $"{ClientTransport.Address(options)} refused the connection with 0x{(byte)packet.ReasonCode:X2} {packet.ReasonCode}{said}",
                packet.ReasonCode);
        }

        return new MqttConnectResult(new MqttClient(options, packet, stream, input, time), null);
    }

    private MqttConnectResult NotMqtt() =>
        new(ConnectFailureKind.Protocol, $"{ClientTransport.Address(options)} answered with something that is not an MQTT CONNACK");

    private ConnectPacket Packet() => new()
    {
        Version = options.Version,
        CleanStart = options.CleanStart,
        KeepAlive = (ushort)Math.Clamp(options.KeepAlive.TotalSeconds, 1, ushort.MaxValue),
        ClientId = options.ClientId,
        Username = options.Username,
        Password = options.Password is null ? null : (ReadOnlyMemory<byte>?)System.Text.Encoding.UTF8.GetBytes(options.Password),
        Will = options.Will,
        SessionExpiryInterval = options.SessionExpirySeconds == 0 ? null : options.SessionExpirySeconds,
        ReceiveMaximum = options.ReceiveMaximum,
        MaximumPacketSize = (uint)options.MaximumPacketSize,
    };
}
