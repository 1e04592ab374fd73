namespace Gateway.Storage;

internal sealed class StateStore(Appender appender, IDurability durability) : IStateStore
{
    public IDurability Durability => durability;

    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Read(string prefix) => appender.Read(prefix);

    public AppendResult Put(string key, ReadOnlyMemory<byte> value, Urgency urgency) => appender.Set(key, value.ToArray(), urgency);

    public AppendResult Remove(string key, Urgency urgency) => appender.Set(key, null, urgency);
}
