namespace Gateway.Storage;

/// <summary>Small keyed facts that live in the journal beside the streams and are written in the same commits (commands, later sessions and retained messages).</summary>
/// <remarks>All live values are restated at the head of each segment: keep them few and short.</remarks>
public interface IStateStore
{
    IDurability Durability { get; }

    /// <summary>All live pairs whose key starts with <paramref name="prefix"/>.</summary>
    IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Read(string prefix);

    /// <summary>Sets the value of the key (UTF-8, 1..512 bytes).</summary>
    AppendResult Put(string key, ReadOnlyMemory<byte> value, Urgency urgency);

    /// <summary>Removes the key.</summary>
    AppendResult Remove(string key, Urgency urgency);
}
