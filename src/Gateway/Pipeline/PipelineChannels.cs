using Gateway.Core;

namespace Gateway.Pipeline;

/// <summary>The devices and points of one configuration, by the objects that adapters report with; never changed, only replaced as a whole.</summary>
internal sealed class PipelineChannels(IReadOnlyList<DeviceChannel> devices)
{
    private readonly Dictionary<DeviceOptions, DeviceChannel> _devices = new(devices.ToDictionary(d => d.Options), ReferenceEqualityComparer.Instance);

    private readonly Dictionary<PointOptions, PointChannel> _points =
        new(devices.SelectMany(d => d.Options.Points.Zip(d.Points)).Select(p => KeyValuePair.Create(p.First, p.Second)), ReferenceEqualityComparer.Instance);

    public IReadOnlyList<DeviceChannel> Devices => devices;

    public DeviceChannel this[DeviceOptions device] => _devices[device];

    public PointChannel this[PointOptions point] => _points[point];

    public DeviceChannel? Find(DeviceOptions device) => _devices.GetValueOrDefault(device);
}
