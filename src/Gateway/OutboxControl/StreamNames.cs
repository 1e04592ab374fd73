using Gateway.Configuration;
using Gateway.Storage;
using Gateway.Web;

namespace Gateway.OutboxControl;

/// <summary>Finds the stream that somebody names.</summary>
internal static class StreamNames
{
    /// <exception cref="ControlException">There is none of this name; it says which there are, the nearest first.</exception>
    public static StreamOverview Find(string name, IReadOnlyList<StreamOverview> streams)
    {
        if (streams.FirstOrDefault(s => s.Id.ToString() == name) is { } found)
        {
            return found;
        }

        var names = streams.Select(s => s.Id.ToString()).ToList();
        if (names.Count == 0)
        {
            throw new ControlException(ControlProblem.NotFound, $"there is no stream {name}, nor any other", "the gateway makes them when it starts with a bridge in its configuration");
        }

        // A bridge's name alone means one of its lanes.
        var nearest = NearestKey.Of(name, names) ?? names.Find(n => n.StartsWith(name + '.', StringComparison.Ordinal));
        var ordered = nearest is null ? names : [nearest, .. names.Where(n => n != nearest)];
        throw new ControlException(
            ControlProblem.NotFound,
            $"there is no stream {name}",
            nearest is null ? $"there are {string.Join(", ", ordered)}" : $"did you mean {nearest}? There are {string.Join(", ", ordered)}");
    }
}
