namespace Gateway.Mqtt;

/// <summary>Keeps the connection alive and notices a peer that has died without a word (MQTT 5.0 §3.1.2.10).</summary>
internal sealed class KeepAliveWatch(TimeSpan keepAlive, TimeSpan writeTimeout, WriteBuffer output, TimeProvider time)
{
    /// <summary>Quarters: a PINGREQ leaves after half an interval at the latest three quarters, silence is judged between 1¼ and 1½.</summary>
    private const int TicksPerInterval = 4;

    private long _lastReceived = time.GetTimestamp();

    public void Received() => Volatile.Write(ref _lastReceived, time.GetTimestamp());

    /// <summary>Runs until the peer is judged dead.</summary>
    /// <returns>Why.</returns>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var enabled = keepAlive > TimeSpan.Zero;
        var tick = enabled && keepAlive / TicksPerInterval < writeTimeout ? keepAlive / TicksPerInterval : writeTimeout / TicksPerInterval;
        using var timer = new PeriodicTimer(tick, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (output.Stalled > writeTimeout)
            {
                return $"it has taken nothing from us for {output.Stalled.TotalSeconds:0} s";
            }

            if (!enabled)
            {
                continue;
            }

            var silent = time.GetElapsedTime(Volatile.Read(ref _lastReceived));
            if (silent >= keepAlive * 1.25)
            {
                return $"it has been silent for {silent.TotalSeconds:0.#} s";
            }

            if (silent >= keepAlive * 0.5 || output.Idle >= keepAlive * 0.5)
            {
                output.Append(0, static (o, _) => Ping.WriteRequest(o));
            }
        }

        throw new OperationCanceledException(cancellation);
    }
}
