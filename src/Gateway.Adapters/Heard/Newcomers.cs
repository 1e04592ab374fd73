using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Heard;

/// <summary>Devices of a link that are not in the configuration and were let in. Belongs to the task that hears; remembers them for as long as the link is there.</summary>
/// <param name="link">The link.</param>
/// <param name="options">Whom it lets in.</param>
/// <param name="readmitted">How many are among the link's devices already, because they were let in before its options changed.</param>
/// <param name="log">Hears once of what goes wrong.</param>
internal sealed class Newcomers(LinkOptions link, UnknownOptions options, int readmitted, ILogger log)
{
    private readonly Dictionary<string, DeviceOptions> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private bool _isLimitTold;

    /// <summary>Makes a device of a stranger, if it may become one.</summary>
    /// <param name="address">As people write it.</param>
    /// <param name="device">How it is found.</param>
    /// <param name="sink">Is told of it.</param>
    /// <returns>null: it stays a stranger.</returns>
    public DeviceOptions? LetIn(string address, Func<HeardDevice> device, IReadingSink sink)
    {
        if (!_known.TryGetValue(address, out var newcomer))
        {
            if (options.PatternOf(address) is null)
            {
                return null;
            }

            if (_known.Count + readmitted >= options.Limit)
            {
                TellLimit();
                return null;
            }

            newcomer = options.Admit(link, address, device())!;
        }

        if (!sink.Found(newcomer))
        {
            if (_refused.Count < options.Limit && _refused.Add(address))
            {
                log.IdTaken(link.Id, address, newcomer.Id);
            }

            return null;
        }

        _known[address] = newcomer;
        return newcomer;
    }

    private void TellLimit()
    {
        if (!_isLimitTold)
        {
            _isLimitTold = true;
            log.TooManyUnknown(link.Id, options.Limit);
        }
    }
}
