using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What a backend saw of several machines that had the same card, one after the other or as copies of each other.</summary>
internal sealed class IdentityRecord
{
    private readonly Dictionary<(StreamId Stream, ulong Epoch, ulong Number), string> _seen = [];

    /// <summary>What was sent before the cut. No identity comes with other content.</summary>
    public void Add(CrashModel model, int cut)
    {
        foreach (var (id, stream) in model.Streams)
        {
            foreach (var (_, epoch, number, payload) in stream.Identities.Where(i => i.Operation <= cut))
            {
                if (!_seen.TryAdd((id, epoch, number), payload))
                {
                    Assert.Equal(_seen[(id, epoch, number)], payload);
                }
            }

            stream.Identities.Clear();
        }
    }
}
