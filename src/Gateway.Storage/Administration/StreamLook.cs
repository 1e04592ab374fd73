using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>Looks at what waits in a stream, oldest first, without disturbing who sends it: nothing is marked, dropped or told. For one caller at a time.</summary>
public sealed class StreamLook : IDisposable
{
    private readonly OutboxStream _stream;
    private readonly StreamHost _host;
    private readonly EntryReader _reader;
    private ulong _next;

    internal StreamLook(OutboxStream stream, StreamHost host, ulong from)
    {
        (_stream, _host, _next) = (stream, host, from);
        _reader = new EntryReader(host.Files, host.SumStart);
        Overview = stream.Ask(static b => b.Overview());
    }

    /// <summary>How the stream stood when the look began. What came later is not looked at.</summary>
    public StreamOverview Overview { get; }

    /// <returns>false: that was all.</returns>
    public bool TryNext(out LookedEntry entry)
    {
        entry = default;
        if (!_stream.Reading.TryStep(_reader, ref _next, inFlightToo: true, lose: false, out var unreadable) || _next >= Overview.Ledger.Next)
        {
            return false;
        }

        var seq = _next;
        var last = _stream.Eras.EndOf(seq, Math.Min(unreadable ?? seq, Overview.Ledger.Next - 1));
        _next = last + 1;
        if (unreadable is not null || _reader.Decode(_stream.Number, receivedAt: 0) is not { } found)
        {
            entry = new LookedEntry(seq, last, _stream.Identify(seq), "", null, default, default, 0, false);
            return true;
        }

        var age = TimeSpan.FromMilliseconds(_reader.AppendedAt.AgeAt(Moment.Of(_host.Clock)));
        entry = new LookedEntry(
            seq, seq, _stream.Identify(seq), found.Topic, found.Message, WallClock.Of(_reader.AppendedAt.Wall), age, _reader.Cost, _stream.Ask(b => b.InFlight.Contains(seq)));
        return true;
    }

    public void Dispose() => _reader.Dispose();
}

/// <summary>An entry that waits, or a range of one epoch that cannot be read.</summary>
/// <param name="From">Its position; the first of the range.</param>
/// <param name="To">The last of the range, inclusive.</param>
/// <param name="Identity">Who the first of them is to a backend.</param>
/// <param name="Topic">The topic that upstream shall see.</param>
/// <param name="Message">As it was appended; null: what lies there cannot be read.</param>
/// <param name="AppendedAt">Wall clock of the append, UTC.</param>
/// <param name="Age">How long it has certainly been here.</param>
/// <param name="Bytes">Bytes on disk that it takes.</param>
/// <param name="IsInFlight">It was sent and is not acknowledged yet.</param>
public readonly record struct LookedEntry(
    ulong From, ulong To, EntryIdentity Identity, string Topic, MqttMessage? Message, DateTimeOffset AppendedAt, TimeSpan Age, long Bytes, bool IsInFlight);
