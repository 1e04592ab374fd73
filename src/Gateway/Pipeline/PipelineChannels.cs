using System.Collections.Concurrent;
using Gateway.Core;

namespace Gateway.Pipeline;

/// <summary>The devices and points of one configuration and those that were found since, by the objects that adapters report with. Grows while it is read, one writer at a time; another configuration is another object.</summary>
internal sealed class PipelineChannels
{
    // By reference: options are values, and comparing a device by its content means its link, too.
    private readonly ConcurrentDictionary<DeviceOptions, DeviceChannel> _devices = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<PointOptions, PointChannel> _points = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, DeviceChannel> _byId = new(StringComparer.Ordinal);
    private readonly List<DeviceChannel> _inOrder = [];
    private volatile IReadOnlyList<DeviceChannel>? _all;

    public PipelineChannels(IEnumerable<DeviceChannel> devices)
    {
        foreach (var device in devices)
        {
            Add(device);
        }
    }

    /// <summary>As configured, then as they were found.</summary>
    public IReadOnlyList<DeviceChannel> Devices
    {
        get
        {
            if (_all is { } all)
            {
                return all;
            }

            // Made when somebody looks: a thousand that come one after the other do not cost a thousand lists.
            lock (_inOrder)
            {
                return _all ??= [.. _inOrder];
            }
        }
    }

    public DeviceChannel? Find(DeviceOptions device) => _devices.GetValueOrDefault(device);

    public PointChannel? Find(PointOptions point) => _points.GetValueOrDefault(point);

    public DeviceChannel? Find(string device) => _byId.GetValueOrDefault(device);

    /// <summary>Knows a device more.</summary>
    public void Add(DeviceChannel device)
    {
        foreach (var point in device.Points)
        {
            Add(point);
        }

        _devices[device.Options] = device;
        _byId[device.Options.Id] = device;
        lock (_inOrder)
        {
            _inOrder.Add(device);
            _all = null;
        }
    }

    /// <summary>Knows a point more. One whose place it took stays known to who still reports with it.</summary>
    public void Add(PointChannel point) => _points[point.Options] = point;
}
