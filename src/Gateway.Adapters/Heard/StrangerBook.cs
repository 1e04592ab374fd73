namespace Gateway.Adapters.Heard;

/// <summary>Who else is there: bounded, the one that was silent longest makes room. Written by the task that hears, read by any.</summary>
public sealed class StrangerBook
{
    /// <summary>512: a crowded hall.</summary>
    public const int Most = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Stranger>> _byAddress = new(StringComparer.Ordinal);
    private readonly LinkedList<Stranger> _latestLast = [];

    public IReadOnlyList<Stranger> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _latestLast];
            }
        }
    }

    /// <param name="address">Its address.</param>
    /// <param name="now">Timestamp.</param>
    /// <param name="name">What it calls itself; null: it did not say this time.</param>
    /// <param name="decoder">Who understands it.</param>
    /// <param name="rssi">dBm.</param>
    public void Heard(string address, long now, string? name, string? decoder, int? rssi)
    {
        lock (_lock)
        {
            if (_byAddress.TryGetValue(address, out var node))
            {
                _latestLast.Remove(node);
            }
            else
            {
                if (_byAddress.Count == Most)
                {
                    _byAddress.Remove(_latestLast.First!.Value.Address);
                    _latestLast.RemoveFirst();
                }

                node = new(new(address) { FirstHeardAt = now });
                _byAddress.Add(address, node);
            }

            var before = node.Value;
            node.Value = before with { Name = name ?? before.Name, Decoder = decoder ?? before.Decoder, Rssi = rssi ?? before.Rssi, Count = before.Count + 1, LastHeardAt = now };
            _latestLast.AddLast(node);
        }
    }
}
