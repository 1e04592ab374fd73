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

    public KeepAliveWatch(ClientConnection connection, ReadLoop reader, TimeProvider time)
    {
        _connection = connection;
        _reader = reader;
        _time = time;
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
        var left = _limit - _time.GetElapsedTime(_reader.LastRead);
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
