using System.Buffers;
using Gateway.Mqtt;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Broker;

/// <summary>The one task that reads from a client.</summary>
internal sealed class ReadLoop(
    ClientConnection connection, PacketDispatcher dispatcher, BrokerCounters counters, MemoryBudget budget, TimeProvider time, int maximumPacketSize)
{
    /// <summary>Packets handled before the writers get a turn, while the queues are crowded.</summary>
    private const int TurnPackets = 64;

    /// <summary>How long a client that was told why may be silent before its socket is closed: a round trip on a LAN, many times.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);

    private long _lastRead = time.GetTimestamp();

    /// <summary>When bytes last came, as a timestamp.</summary>
    public long LastRead => Interlocked.Read(ref _lastRead);

    /// <summary>Ends when the connection closes, from whichever side; the cause is in the connection.</summary>
    public async Task RunAsync()
    {
        var input = connection.Input;
        try
        {
            while (!connection.IsClosing)
            {
                var result = await input.ReadAsync();
                var buffer = result.Buffer;
                Interlocked.Exchange(ref _lastRead, time.GetTimestamp());
                for (var next = Process(ref buffer); next != Next.Read; next = Process(ref buffer))
                {
                    if (next == Next.Yield)
                    {
                        // A publisher must not outrun those who write: on a full machine they get this thread first.
                        await Task.Yield();
                    }
                    else
                    {
                        // Acknowledgements pile up (before 5.0), or the client does not read: it is not read from either.
                        await connection.Reader.WaitAsync();
                        Interlocked.Exchange(ref _lastRead, time.GetTimestamp());
                    }
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // Reset by the client, or aborted by us: the same end as below.
        }

        connection.Close(new CloseCause(ReasonCode.UnspecifiedError, ByServer: false));
    }

    /// <summary>Reads and forgets what a client still sends that has not yet seen why it is disconnected: closing on unread bytes resets the connection, and the DISCONNECT may never be read.</summary>
    /// <remarks>Ends when the client closes or falls silent; the connection's farewell timer is the upper bound.</remarks>
    public async Task DrainAsync()
    {
        try
        {
            for (var isOpen = true; isOpen;)
            {
                using var quiet = new CancellationTokenSource(s_quiet, time);
                var result = await connection.Input.ReadAsync(quiet.Token);
                connection.Input.AdvanceTo(result.Buffer.End);
                isOpen = !result.IsCompleted;
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException or InvalidOperationException)
        {
            // Silent, or gone: both are what was waited for. (Invalid: the loop itself fell over in the middle of a read.)
        }
    }

    private Next Process(ref ReadOnlySequence<byte> buffer)
    {
        var messages = 0;
        var packets = 0;
        var before = buffer.Length;
        var now = LastRead;
        var next = Next.Read;
        while (!connection.IsClosing)
        {
            if (!connection.Control.HasRoom)
            {
                next = Next.Wait;
                break;
            }

            if (++packets > TurnPackets && budget.IsCrowded)
            {
                next = Next.Yield;
                break;
            }

            var status = PacketFramer.TryRead(ref buffer, maximumPacketSize, out var header, out var body, maybePadded: connection.Version < ProtocolVersion.V500);
            if (status == FrameStatus.Incomplete)
            {
                break;
            }

            var code = status switch
            {
                FrameStatus.TooLarge => ReasonCode.PacketTooLarge,
                FrameStatus.Malformed => ReasonCode.MalformedPacket,
                _ => Dispatch(header, body, now),
            };
            if (code != ReasonCode.Success)
            {
                connection.Close(code);
            }

            messages += header >> 4 == (byte)PacketType.Publish ? 1 : 0;
        }

        counters.AddReceived(messages, before - buffer.Length);
        return connection.IsClosing ? Next.Read : next;
    }

    /// <summary>What the loop does after it has processed what it could.</summary>
    private enum Next : byte
    {
        Read,
        Yield,
        Wait,
    }

    private ReasonCode Dispatch(byte header, in ReadOnlySequence<byte> body, long now)
    {
        if (body.IsSingleSegment)
        {
            return dispatcher.Dispatch(header, body.FirstSpan, now);
        }

        var copy = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(copy);
            return dispatcher.Dispatch(header, copy.AsSpan(0, (int)body.Length), now);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
