using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Closes a connection from which nothing came for one and a half times its Keep Alive (MQTT-3.1.2-22).</summary>
internal sealed class KeepAliveWatch : IDisposable
{
    private const double Grace = 1.5;

    private readonly ClientConnection _connection;
    private readonly ReadLoop _reader;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly ITimer? _timer;

    /// <summary>When it was last seen that the client was not read from, as a timestamp.</summary>
    private long _excused;

    public KeepAliveWatch(ClientConnection connection, ReadLoop reader, TimeProvider time)
    {
        _connection = connection;
        _reader = reader;
        _time = time;
        _excused = time.GetTimestamp();
        _limit = TimeSpan.FromSeconds(connection.Parameters.KeepAlive * Grace);
        if (_limit > TimeSpan.Zero)
        {
            _timer = time.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(_limit, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Check()
    {
        if (_connection.Control.WaitsForDisk)
        {
            _excused = _time.GetTimestamp();
        }

        var left = _limit - _time.GetElapsedTime(Math.Max(_reader.LastRead, _excused));
        if (left <= TimeSpan.Zero)
        {
            _connection.Close(ReasonCode.KeepAliveTimeout);
        }
        else
        {
            _timer!.Change(left, Timeout.InfiniteTimeSpan);
        }
    }
}
