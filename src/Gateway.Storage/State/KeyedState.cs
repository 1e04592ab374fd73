namespace Gateway.Storage;

/// <summary>The live keyed facts. Guarded by the appender.</summary>
internal sealed class KeyedState(int limit)
{
    /// <summary>What a pair takes in a checkpoint beyond its text: type, length, length of the key.</summary>
    private const int Overhead = 8;

    private readonly SortedDictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private long _bytes;

    public IEnumerable<KeyValuePair<string, byte[]>> All => _values;

    /// <summary>Whether the value has room beside the others.</summary>
    public bool HasRoom(string key, int keyBytes, int length)
    {
        var before = _values.TryGetValue(key, out var old) ? old.Length + keyBytes + Overhead : 0;
        return _bytes - before + keyBytes + length + Overhead <= limit;
    }

    /// <returns>What it was before; null: nothing.</returns>
    public byte[]? Set(string key, byte[]? value)
    {
        var keyBytes = System.Text.Encoding.UTF8.GetByteCount(key);
        if (_values.Remove(key, out var old))
        {
            _bytes -= old.Length + keyBytes + Overhead;
        }

        if (value is not null)
        {
            _values.Add(key, value);
            _bytes += value.Length + keyBytes + Overhead;
        }

        return old;
    }

    public List<KeyValuePair<string, ReadOnlyMemory<byte>>> Read(string prefix)
    {
        var found = new List<KeyValuePair<string, ReadOnlyMemory<byte>>>();
        foreach (var (key, value) in _values)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                found.Add(new KeyValuePair<string, ReadOnlyMemory<byte>>(key, value));
            }
        }

        return found;
    }

    public void Clear()
    {
        _values.Clear();
        _bytes = 0;
    }
}
