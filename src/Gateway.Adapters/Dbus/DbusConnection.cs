using System.Net.Sockets;
using System.Threading.Channels;

namespace Gateway.Adapters.Dbus;

/// <summary>One connection to a bus: calls with deadlines, signals in their order, our own objects. When it has ended, so have its match rules and objects: who needs it again opens another one.</summary>
internal sealed class DbusConnection : IAsyncDisposable
{
    public const string Bus = "org.freedesktop.DBus";
    public const string BusPath = "/org/freedesktop/DBus";

    /// <summary>256 messages wait to be sent; then calls wait, and answers to others' calls are dropped and counted.</summary>
    private const int MostOutgoing = 256;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly PendingCalls _calls = new();
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostOutgoing) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private readonly Task _writing;
    private DbusError? _fault;
    private uint _serial;
    private long _unanswered;

    private DbusConnection(Socket socket, TimeProvider time)
    {
        (_socket, _time) = (socket, time);
        _reading = Task.Run(ReadAsync);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>What the bus calls us (<c>:1.42</c>).</summary>
    public string UniqueName { get; private set; } = "";

    /// <summary>Our objects.</summary>
    public DbusObjects Objects { get; } = new();

    /// <summary>All signals that match one of the rules of <see cref="AddMatchAsync"/>, and those that are sent to us alone; for one taker.</summary>
    public SignalQueue Signals { get; } = new();

    /// <summary>Why it has ended; null: it has not.</summary>
    public DbusError? Fault => Volatile.Read(ref _fault);

    /// <summary>Calls of others that got no answer because they did not take what we had sent before.</summary>
    public long Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Connects, authenticates, and says Hello.</summary>
    /// <param name="addresses">As in <see cref="DbusAddress.Variable"/>.</param>
    /// <param name="time">The clock of deadlines and arrivals.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The connection, or why there is none.</returns>
    public static async ValueTask<(DbusConnection? Connection, DbusError? Error)> OpenAsync(string addresses, TimeProvider time, CancellationToken cancellation)
    {
        var (socket, error) = await DbusDialer.OpenAsync(addresses, time, cancellation);
        if (socket is null)
        {
            return (null, error);
        }

        var connection = new DbusConnection(socket, time);
        var isReady = false;
        try
        {
            var hello = await connection.CallBusAsync("Hello", cancellation);
            connection.UniqueName = hello.Argument(0).AsString() ?? "";
            isReady = connection.UniqueName.Length > 0;
            return isReady ? (connection, null) : (null, hello.Error ?? new(DbusError.InconsistentMessage, "the bus gave us no name"));
        }
        finally
        {
            if (!isReady)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="timeout">After which nobody waits any more (<see cref="DbusError.NoReply"/>); an answer that comes later is dropped.</param>
    /// <param name="cancellation">Ends the wait; the call may have been carried out.</param>
    public async ValueTask<DbusReply> CallAsync(DbusMessage call, TimeSpan timeout, CancellationToken cancellation)
    {
        var serial = NextSerial();
        var bytes = DbusMessageCodec.Write(call, serial);
        if (bytes.Length > DbusLimits.Message)
        {
            return new(null, new(DbusError.LimitsExceeded, $"{call.Member}: {bytes.Length} bytes are more than a message may have"));
        }

        var answer = _calls.Add(serial);
        try
        {
            using var deadline = new CancellationTokenSource(timeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            if (!answer.IsCompleted)
            {
                await _outgoing.Writer.WriteAsync(bytes, both.Token);
            }

            return await answer.WaitAsync(both.Token);
        }
        catch (ChannelClosedException)
        {
            return new(null, Fault ?? new(DbusError.Disconnected, "the connection to the bus is closed"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(null, new(DbusError.NoReply, $"{call.Destination} did not answer {call.Member} within {timeout.TotalSeconds:0.#} s"));
        }
        finally
        {
            _calls.Remove(serial);
        }
    }

    /// <summary>A method of the bus itself.</summary>
    public ValueTask<DbusReply> CallBusAsync(string member, CancellationToken cancellation, params IReadOnlyList<DbusValue> body) =>
        CallAsync(DbusMessage.Call(Bus, BusPath, Bus, member, body), DbusDialer.Patience, cancellation);

    /// <summary>Asks the bus for signals (D-Bus 0.42 "Match Rules").</summary>
    /// <returns>Why not; null: they come from now on.</returns>
    public async ValueTask<DbusError?> AddMatchAsync(string rule, CancellationToken cancellation) => (await CallBusAsync("AddMatch", cancellation, DbusValue.String(rule))).Error;

    /// <summary>Who owns a well-known name, by unique name.</summary>
    /// <returns>The owner; null with an error if nobody does.</returns>
    public async ValueTask<(string? Owner, DbusError? Error)> OwnerAsync(string name, CancellationToken cancellation)
    {
        var reply = await CallBusAsync("GetNameOwner", cancellation, DbusValue.String(name));
        return (reply.Argument(0).AsString(), reply.Error);
    }

    /// <summary>Sends a signal, or a call whose answer nobody waits for.</summary>
    /// <returns>false: no room; it is dropped.</returns>
    public bool Send(DbusMessage message) => _outgoing.Writer.TryWrite(DbusMessageCodec.Write(message, NextSerial()));

    public async ValueTask DisposeAsync()
    {
        End(new(DbusError.Disconnected, "we closed the connection to the bus"));
        await _reading;
        await _writing;
        _stop.Dispose();
    }

    private uint NextSerial()
    {
        uint serial;
        do
        {
            serial = Interlocked.Increment(ref _serial);
        }
        while (serial == 0);
        return serial;
    }

    private async Task ReadAsync()
    {
        var buffer = new MessageBuffer();
        try
        {
            while (Fault is null)
            {
                var count = await _socket.ReceiveAsync(buffer.Room(), _stop.Token);
                if (count == 0)
                {
                    End(new(DbusError.Disconnected, "the bus closed the connection"));
                    return;
                }

                buffer.Added(count);
                var now = _time.GetTimestamp();
                while (buffer.TryTake(now, out var message))
                {
                    Take(message!);
                }

                if (buffer.Problem is { } problem)
                {
                    End(new(DbusError.InconsistentMessage, $"the bus sent what is no message: {problem}"));
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            End(new(DbusError.Disconnected, $"the connection to the bus broke: {e.Message}"));
        }
        finally
        {
            // Also after a defect in one of our objects: nobody may wait for what is not read any more.
            End(new(DbusError.Disconnected, "the connection to the bus is not read any more"));
        }
    }

    private void Take(DbusMessage message)
    {
        switch (message.Kind)
        {
            case DbusMessageKind.Signal:
                Signals.Add(message);
                break;
            case DbusMessageKind.Answer or DbusMessageKind.Error:
                _calls.Answer(message);
                break;
            case DbusMessageKind.Call when Objects.Answer(message) is { } answer && !_outgoing.Writer.TryWrite(DbusMessageCodec.Write(answer, NextSerial())):
                Interlocked.Increment(ref _unanswered);
                break;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync())
            {
                while (_outgoing.Reader.TryRead(out var bytes))
                {
                    for (ReadOnlyMemory<byte> rest = bytes; !rest.IsEmpty;)
                    {
                        rest = rest[await _socket.SendAsync(rest, _stop.Token)..];
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            End(new(DbusError.Disconnected, $"the connection to the bus broke: {e.Message}"));
        }
    }

    /// <summary>Once; whoever sees the end first says why.</summary>
    private void End(DbusError error)
    {
        if (Interlocked.CompareExchange(ref _fault, error, null) is not null)
        {
            return;
        }

        _stop.Cancel();
        _outgoing.Writer.TryComplete();
        _calls.End(error);
        Signals.End();
        _socket.Dispose();
    }
}
