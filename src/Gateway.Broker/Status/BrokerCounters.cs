namespace Gateway.Broker;

/// <summary>What has happened since the start. Hot paths add once per batch.</summary>
internal sealed class BrokerCounters
{
    private readonly long[] _drops = new long[DropReasonNames.All.Count];
    private long _received;
    private long _sent;
    private long _bytesReceived;
    private long _bytesSent;
    private long _loginsFailed;
    private long _loginsRefused;

    /// <summary>PUBLISH packets from clients.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>PUBLISH packets to clients.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Logins with a wrong password.</summary>
    public long LoginsFailed => Interlocked.Read(ref _loginsFailed);

    /// <summary>Logins that were not looked at, because too many had failed before.</summary>
    public long LoginsRefused => Interlocked.Read(ref _loginsRefused);

    public void FailLogin() => Interlocked.Increment(ref _loginsFailed);

    public void RefuseLogin() => Interlocked.Increment(ref _loginsRefused);

    public void AddReceived(long messages, long bytes)
    {
        Interlocked.Add(ref _received, messages);
        Interlocked.Add(ref _bytesReceived, bytes);
    }

    public void AddSent(long messages, long bytes)
    {
        Interlocked.Add(ref _sent, messages);
        Interlocked.Add(ref _bytesSent, bytes);
    }

    public void Drop(DropReason reason, long count = 1) => Interlocked.Add(ref _drops[(int)reason], count);

    public long Dropped(DropReason reason) => Interlocked.Read(ref _drops[(int)reason]);
}
