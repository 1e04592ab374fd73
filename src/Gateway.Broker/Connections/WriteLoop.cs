using Gateway.Mqtt;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Broker;

/// <summary>The one task that writes to a client: takes what is ready, encodes it, flushes once per batch.</summary>
internal sealed class WriteLoop(ClientConnection connection, Session session, BrokerCounters counters)
{
    /// <summary>Messages taken from the queue at once.</summary>
    private const int BatchCount = 512;

    /// <summary>Bytes per flush, roughly: what the transport buffers.</summary>
    private const int BatchBytes = 64 << 10;

    private readonly List<Outgoing> _batch = [];
    private long _sent;

    /// <summary>Ends when the connection closes, having told the client why.</summary>
    public async Task RunAsync()
    {
        var output = connection.Output;
        try
        {
            while (true)
            {
                await connection.Writer.WaitAsync();
                var closing = connection.IsClosing;
                if (!await WriteWhatIsReadyAsync(closing))
                {
                    break;
                }

                if (closing)
                {
                    await SayGoodbyeAsync();
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // The client is gone; the read loop sees it too and says so.
        }
        finally
        {
            connection.Close(new CloseCause(ReasonCode.UnspecifiedError, ByServer: false));
            await output.CompleteAsync();
        }
    }

    /// <returns>false: the connection is over.</returns>
    private async ValueTask<bool> WriteWhatIsReadyAsync(bool closing)
    {
        var output = connection.Output;
        do
        {
            _batch.Clear();
            if (!connection.Control.Drain(output))
            {
                return false;
            }

            connection.Reader.Set();
            if (!closing)
            {
                session.Queue.Take(connection.Writer, _batch, BatchCount, BatchBytes);
                Encode();
            }

            if (output.UnflushedBytes > 0)
            {
                counters.AddSent(_sent, output.UnflushedBytes);
                _sent = 0;
                var flushed = await output.FlushAsync();
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    return false;
                }
            }
        }
        while (_batch.Count > 0);

        return true;
    }

    private void Encode()
    {
        var output = connection.Output;
        var version = connection.Version;
        var largest = connection.Parameters.MaximumPacketSize;
        foreach (var outgoing in _batch)
        {
            if (outgoing.IsRelease)
            {
                new AckPacket(PacketType.PubRel, outgoing.PacketId).Write(output, version);
                continue;
            }

            var delivery = outgoing.Delivery;
            var header = new PublishHeader(delivery.Qos, outgoing.PacketId, delivery.Retain, outgoing.Dup, outgoing.Expiry, delivery.Identifiers?.Encoded ?? default);
            if (delivery.Cost + header.Stamp.Length > largest && PublishPacket.Size(delivery.Message, version, header) > largest)
            {
                session.Queue.Discard(outgoing);
                continue;
            }

            PublishPacket.Write(output, delivery.Message, version, header);
            _sent++;
            if (outgoing.PacketId == 0)
            {
                delivery.Shared.Release();
            }
        }
    }

    private async ValueTask SayGoodbyeAsync()
    {
        if (connection.IsToldWhy)
        {
            new DisconnectPacket(connection.Cause.Reason).Write(connection.Output, ProtocolVersion.V500);
            await connection.Output.FlushAsync();
            await connection.Quiet;
        }
    }
}
