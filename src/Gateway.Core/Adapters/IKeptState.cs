namespace Gateway.Core;

/// <summary>What is known of a state that an adapter kept.</summary>
public enum KeptCondition : byte
{
    /// <summary>None was ever kept here.</summary>
    New,

    /// <summary>It is what was saved last.</summary>
    Whole,

    /// <summary>It comes out of a backup or from another machine: newer ones existed.</summary>
    Copied,

    /// <summary>It was kept, and is damaged or missing now.</summary>
    Lost,
}

/// <summary>A small state (some KiB) that an adapter keeps over restarts and power cuts. For one caller at a time.</summary>
public interface IKeptState
{
    KeptCondition Condition { get; }

    /// <summary>What was saved last; empty where nothing is known.</summary>
    ReadOnlyMemory<byte> Content { get; }

    /// <summary>The file, for people.</summary>
    string Place { get; }

    /// <summary>Replaces it. Waits for the disk.</summary>
    /// <returns>Why it is not durable, and what was saved before still is; null: it is durable now.</returns>
    string? Save(ReadOnlySpan<byte> content);
}

/// <summary>Where adapters keep what must outlive them.</summary>
public interface IKeptFolder
{
    /// <summary>Opens a state, once: whoever asks for the name later gets what the first one made of it, also after a link was stopped and started anew.</summary>
    /// <param name="name">Name of the file: lower case letters and hyphens.</param>
    /// <param name="make">Makes of it what its users share. Called once.</param>
    T Open<T>(string name, Func<IKeptState, T> make)
        where T : class;
}

/// <summary>Keeps until the process ends: for tools that leave nothing behind, and tests.</summary>
public sealed class MemoryFolder : IKeptFolder
{
    private readonly Dictionary<string, object> _open = new(StringComparer.Ordinal);

    public T Open<T>(string name, Func<IKeptState, T> make)
        where T : class
    {
        lock (_open)
        {
            if (!_open.TryGetValue(name, out var known))
            {
                _open.Add(name, known = make(new MemoryState()));
            }

            return (T)known;
        }
    }

    private sealed class MemoryState : IKeptState
    {
        public KeptCondition Condition => KeptCondition.New;

        public ReadOnlyMemory<byte> Content => default;

        public string Place => "memory";

        public string? Save(ReadOnlySpan<byte> content) => null;
    }
}
