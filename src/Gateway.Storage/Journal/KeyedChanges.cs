using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Storage;

/// <summary>Puts changes of keyed facts into a batch, and takes them back. Guarded by the appender.</summary>
internal sealed class KeyedChanges(KeyedState state, JournalOptions options)
{
    private const int LongestKey = 512;

    /// <summary>Bytes of key and value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The key is empty, or longer than 512 bytes.</exception>
    public static int SizeOf(string key, byte[]? value)
    {
        var keyBytes = Encoding.UTF8.GetByteCount(key);
        ArgumentOutOfRangeException.ThrowIfZero(keyBytes, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keyBytes, LongestKey, nameof(key));
        return keyBytes + (value?.Length ?? 0);
    }

    /// <returns>null: it can be taken.</returns>
    public AppendStatus? Refuses(Batch batch, Intake intake, string key, byte[]? value)
    {
        if (intake == Intake.Failed)
        {
            return AppendStatus.Failed;
        }

        if (value is null)
        {
            // Removing makes room, so that it is taken also when there is none.
            return null;
        }

        var keyBytes = Encoding.UTF8.GetByteCount(key);
        return intake == Intake.Full || !state.HasRoom(key, keyBytes, value.Length) || batch.Buffer.Length + keyBytes + value.Length > options.BatchLimit
            ? AppendStatus.Refused
            : null;
    }

    /// <summary>Sets the key, or removes it if there is no value.</summary>
    public void Add(Batch batch, string key, byte[]? value)
    {
        batch.Undo.Add(new KeyValuePair<string, byte[]?>(key, state.Set(key, value)));
        if (value is null)
        {
            KeyFrame.Remove(batch.Buffer, key);
        }
        else
        {
            KeyFrame.Put(batch.Buffer, key, value);
        }

        batch.Frames++;
    }

    /// <summary>The batch will never be durable.</summary>
    public void Undo(Batch batch)
    {
        var undo = CollectionsMarshal.AsSpan(batch.Undo);
        for (var i = undo.Length - 1; i >= 0; i--)
        {
            state.Set(undo[i].Key, undo[i].Value);
        }
    }
}
