namespace Gateway.Storage;

/// <summary>An entry that the sender has.</summary>
internal readonly record struct Flight(long Cost, Moment AppendedAt, Extent Extent, long CommitOffset);

/// <summary>What a stream's sender has in flight. Guarded by the stream.</summary>
internal sealed class InFlight
{
    private readonly Dictionary<ulong, Flight> _flights = [];
    private ulong _highest;
    private (ulong Seq, Flight Flight)? _resume;

    /// <summary>Everything below this number may be in flight: the sender reads upwards.</summary>
    public ulong After => _flights.Count == 0 ? 0 : _highest + 1;

    /// <summary>How many up to this number.</summary>
    public int CountTo(ulong seq) => _flights.Keys.Count(s => s <= seq);

    public bool Contains(ulong seq) => _flights.ContainsKey(seq);

    public void Add(ulong seq, Flight flight)
    {
        _flights[seq] = flight;
        _highest = Math.Max(_highest, seq);
    }

    public bool TryRemove(ulong seq, out Flight flight)
    {
        if (!_flights.Remove(seq, out flight))
        {
            return false;
        }

        if (_flights.Count == 0)
        {
            _highest = 0;
        }

        return true;
    }

    public Moment? AppendedAt(ulong seq) => _flights.TryGetValue(seq, out var flight) ? flight.AppendedAt : null;

    /// <summary>Forgets all; remembers where the oldest lies, since reading starts there again.</summary>
    public void Rewind(ulong oldest)
    {
        if (_flights.TryGetValue(oldest, out var flight))
        {
            _resume = (oldest, flight);
        }

        _flights.Clear();
        _highest = 0;
    }

    /// <summary>The offset of a commit of the extent at or before this number, if one is known.</summary>
    public long? ResumeAt(Extent extent, ulong seq)
    {
        if (_flights.TryGetValue(seq, out var flight) && ReferenceEquals(flight.Extent, extent))
        {
            return flight.CommitOffset;
        }

        return _resume is { } resume && resume.Seq <= seq && ReferenceEquals(resume.Flight.Extent, extent) ? resume.Flight.CommitOffset : null;
    }
}
