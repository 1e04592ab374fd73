using System.Diagnostics;
using System.Net.Sockets;
using Gateway.Adapters.Modbus;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Calls that keep their thread: each ends at its deadline, when the other end goes, and when its owner is told to stop.</summary>
public sealed class BlockingConnectionTests : IDisposable
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly SilentPeer _peer = new();
    private readonly TransactionDeadline _deadline = new(TimeProvider.System);
    private readonly byte[] _buffer = new byte[16];

    public void Dispose()
    {
        _deadline.Dispose();
        _peer.Dispose();
    }

    [Fact]
    public async Task Receive_NothingComes_EndsAtTheDeadlineAndTheConnectionStays()
    {
        using var connection = Connect();
        using var other = _peer.Accept();
        var start = Stopwatch.GetTimestamp();
        _deadline.Start(s_short, default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await connection.ReceiveAsync(_buffer, _deadline));
        Assert.InRange(Stopwatch.GetElapsedTime(start), s_short * 0.9, s_patience);

        other.Send([1, 2, 3]);
        _deadline.Start(s_long, default);
        Assert.Equal(3, await connection.ReceiveAsync(_buffer, _deadline));
    }

    [Fact]
    public async Task Receive_AfterTheDeadline_TakesNothing()
    {
        using var connection = Connect();
        using var other = _peer.Accept();
        other.Send([1]);
        _deadline.Start(TimeSpan.Zero, default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await connection.ReceiveAsync(_buffer, _deadline));
    }

    [Fact]
    public async Task Receive_OtherEndCloses_IsTheEnd()
    {
        using var connection = Connect();
        _peer.Accept().Dispose();
        _deadline.Start(s_long, default);
        Assert.Equal(0, await connection.ReceiveAsync(_buffer, _deadline));
        Assert.True(connection.HasEnded());
    }

    [Fact]
    public async Task Receive_OtherEndResets_IsAnError()
    {
        using var connection = Connect();
        using (var other = _peer.Accept())
        {
            other.LingerState = new(true, 0);
        }

        _deadline.Start(s_long, default);
        var error = await Assert.ThrowsAsync<SocketException>(async () => await connection.ReceiveAsync(_buffer, _deadline));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public async Task Receive_StoppedAtAnyMoment_EndsAtOnce()
    {
        for (var round = 0; round < 50; round++)
        {
            using var connection = Connect();
            using var other = _peer.Accept();
            using var stop = new CancellationTokenSource();
            _deadline.Start(s_long, stop.Token);
            var receiving = Task.Factory.StartNew(() => connection.ReceiveAsync(_buffer, _deadline).AsTask(), TaskCreationOptions.LongRunning).Unwrap();
            Thread.SpinWait(round * 2000);
            stop.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.WaitAsync(s_patience));
        }
    }

    [Fact]
    public async Task Send_OtherEndReadsNothing_EndsAtItsDeadline()
    {
        using var connection = await ConnectAsync(s_short);
        using var other = _peer.Accept();
        _deadline.Start(s_long, default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await connection.SendAsync(new byte[64 << 20], _deadline));
    }

    [Fact]
    public async Task Connect_NobodyAnswers_EndsAtTheDeadline()
    {
        await _peer.FillAsync();
        var start = Stopwatch.GetTimestamp();
        var (connection, fault) = await Dialer(s_short).ConnectAsync("127.0.0.1", _peer.Port, default);
        Assert.Null(connection);
        Assert.Equal(LineFaults.ConnectTimeout, fault);
        Assert.InRange(Stopwatch.GetElapsedTime(start), s_short * 0.9, s_patience);
    }

    [Fact]
    public async Task Connect_Stopped_EndsAtOnce()
    {
        await _peer.FillAsync();
        using var stop = new CancellationTokenSource();
        var dialling = Dialer(s_long).ConnectAsideAsync("127.0.0.1", _peer.Port, stop.Token);
        Assert.False(dialling.IsCompleted);
        await UntilAsync(() => Dialling() == 2);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialling.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Connect_StoppedAtAnyMoment_IsStoppedOrConnected()
    {
        for (var round = 0; round < 50; round++)
        {
            using var stop = new CancellationTokenSource();
            var dialling = Dialer(s_patience).ConnectAsideAsync("127.0.0.1", _peer.Port, stop.Token);
            Thread.SpinWait(round * 500);
            await stop.CancelAsync();
            try
            {
                var (connection, _) = await dialling.WaitAsync(s_patience);
                using var other = _peer.Accept();
                Assert.False(connection!.HasEnded());
                connection.Dispose();
            }
            catch (OperationCanceledException)
            {
                // The other good end.
            }
        }
    }

    [Fact]
    public async Task Connect_ToAName_TriesItsAddresses()
    {
        var (connection, fault) = await Dialer(s_patience).ConnectAsync("localhost", _peer.Port, default);
        Assert.Null(fault);
        connection!.Dispose();
    }

    /// <summary>Connections to the peer that are on their way: that of the test that fills it, and ours.</summary>
    private int Dialling()
    {
        const string SynSent = "02";
        return File.ReadLines("/proc/self/net/tcp").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Count(c => c[2].EndsWith($":{_peer.Port:X4}", StringComparison.Ordinal) && c[3] == SynSent);
    }

    /// <summary>Nobody tells when the kernel is at it.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience);
            await Task.Yield();
        }
    }

    private static BlockingDialer Dialer(TimeSpan timeout) => new(TestMap.Link(0) with { ConnectTimeout = timeout, Timeout = timeout }, TimeProvider.System);

    private BlockingConnection Connect() => ConnectAsync(s_patience).GetAwaiter().GetResult();

    private async ValueTask<BlockingConnection> ConnectAsync(TimeSpan timeout) => (await Dialer(timeout).ConnectAsync("127.0.0.1", _peer.Port, default)).Connection!;
}
