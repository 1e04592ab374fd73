using Gateway.Hosting;
using Gateway.Machine;

namespace Gateway.Diagnostics;

/// <summary>Knows what the journal costs the card below it. Safe for concurrent callers.</summary>
/// <param name="storage">Counts what it writes.</param>
/// <param name="endurance">gateway.storage-endurance, bytes; null: not known.</param>
/// <param name="files">Where the card tells of itself.</param>
/// <param name="time">When it is asked again.</param>
internal sealed class WearWatch(JournalHost storage, long? endurance, MachineFiles files, TimeProvider time)
{
    /// <summary>A day: a card says nothing new for weeks, and asking it is a command to it.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromDays(1);

    private Asked? _asked;

    public WearSection Section
    {
        get
        {
            if (Volatile.Read(ref _asked) is not { } asked || time.GetElapsedTime(asked.At) > s_look)
            {
                asked = new Asked(CardLife.Of(storage.Folder, files), time.GetTimestamp());
                Volatile.Write(ref _asked, asked);
            }

            return WearSection.Of(storage.Wear, endurance, asked.Card);
        }
    }

    private sealed record Asked(CardLife? Card, long At);
}
