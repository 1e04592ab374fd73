using System.Collections.Concurrent;
using System.IO.Enumeration;
using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Ble;

/// <summary>Which configured device an advertisement is of: by its address, by the key that makes private addresses, or by its name. Belongs to the adapter's task.</summary>
internal sealed class DeviceBook(TimeProvider time)
{
    private static readonly IReadOnlyList<int> s_keyLengths = [ResolvingKey.Length];

    private readonly List<BleDeviceRun> _all = [];
    private readonly AddressResolver<BleDeviceRun> _resolver = new();
    private readonly List<(BleDeviceRun Run, DeviceKey Key)> _unread = [];
    private readonly List<BleDeviceRun> _byName = [];
    private readonly ConcurrentDictionary<BleDeviceRun, BleAddress> _current = [];

    public IReadOnlyList<BleDeviceRun> All => _all;

    public void Add(BleDeviceRun run)
    {
        _all.Add(run);
        if (run.Device.Address is { } address)
        {
            _resolver.Add(address, run);
            _current[run] = address;
        }
        else if (run.Device.Irk is { } irk)
        {
            _unread.Add((run, new(irk, "the identity resolving key", time)));
        }
        else
        {
            _byName.Add(run);
        }
    }

    /// <summary>Under which address it is there now; null: it has not been heard. Any thread.</summary>
    public BleAddress? AddressOf(BleDeviceRun run) => _current.TryGetValue(run, out var address) ? address : null;

    /// <summary>Whose advertisement it is; null: a stranger's.</summary>
    public BleDeviceRun? Find(Advertisement advertisement)
    {
        if (_unread.Count > 0)
        {
            _unread.RemoveAll(TryRead);
        }

        if (!_resolver.TryFind(advertisement.Address, advertisement.IsRandom, out var run))
        {
            return _byName.Count == 0 ? null : Named(advertisement);
        }

        if (run.Device.Irk is not null)
        {
            _current[run] = advertisement.Address;
        }

        return run;
    }

    private bool TryRead((BleDeviceRun Run, DeviceKey Key) unread)
    {
        if (!unread.Key.TryGet(s_keyLengths, out var irk, out var reason, out var remedy))
        {
            unread.Run.Heard.Refused(reason, remedy);
            return false;
        }

        _resolver.Add(new ResolvingKey(irk.Span), unread.Run);
        return true;
    }

    /// <summary>The first that is heard under a name is the device; another only takes its place once that has been silent for too long.</summary>
    private BleDeviceRun? Named(Advertisement advertisement)
    {
        foreach (var run in _byName)
        {
            if (_current.TryGetValue(run, out var address) && address == advertisement.Address)
            {
                return run;
            }
        }

        if (advertisement.Name is not { Length: > 0 } name)
        {
            return null;
        }

        foreach (var run in _byName)
        {
            var isFree = !_current.ContainsKey(run) || (run.Heard.HeardAt is { } heardAt && time.GetElapsedTime(heardAt) > run.Heard.Silence);
            if (isFree && FileSystemName.MatchesSimpleExpression(run.Device.Name!, name))
            {
                _current[run] = advertisement.Address;
                return run;
            }
        }

        return null;
    }
}
