using Gateway.Core;

namespace Gateway.Pipeline;

/// <summary>The devices and points of one configuration and those that were found since, by the objects that adapters report with; never changed, only replaced as a whole.</summary>
internal sealed class PipelineChannels
{
    private readonly Dictionary<DeviceOptions, DeviceChannel> _devices;
    private readonly Dictionary<PointOptions, PointChannel> _points;

    public PipelineChannels(IReadOnlyList<DeviceChannel> devices)
        : this(devices, new(devices.SelectMany(static d => d.Points).Select(static p => KeyValuePair.Create(p.Options, p)), ReferenceEqualityComparer.Instance))
    {
    }

    private PipelineChannels(IReadOnlyList<DeviceChannel> devices, Dictionary<PointOptions, PointChannel> points)
    {
        Devices = devices;
        _devices = new(devices.ToDictionary(static d => d.Options), ReferenceEqualityComparer.Instance);
        _points = points;
    }

    public IReadOnlyList<DeviceChannel> Devices { get; }

    public DeviceChannel? Find(DeviceOptions device) => _devices.GetValueOrDefault(device);

    public PointChannel? Find(PointOptions point) => _points.GetValueOrDefault(point);

    /// <summary>The same with a device more, of which no point is known yet.</summary>
    public PipelineChannels With(DeviceChannel device) => new([.. Devices, device], _points);

    /// <summary>The same with a point more. One whose place it took stays known to who still reports with it.</summary>
    public PipelineChannels With(PointChannel point) => new(Devices, new(_points, ReferenceEqualityComparer.Instance) { [point.Options] = point });
}
