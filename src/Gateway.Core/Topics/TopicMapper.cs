namespace Gateway.Core;

/// <summary>Names the topics of this gateway and its devices (the templates of <see cref="TopicOptions"/> with root and id filled in).</summary>
public sealed class TopicMapper(TopicOptions templates, string root, string gatewayId)
{
    private readonly TopicOptions _templates = templates;

    public string GatewayStatus => Gateway(_templates.GatewayStatus);

    public string GatewayHealth => Gateway(_templates.GatewayHealth);

    public string GatewayAlerts => Gateway(_templates.GatewayAlerts);

    public string GatewayGaps => Gateway(_templates.GatewayGaps);

    /// <summary>The topic of a stream's ledger.</summary>
    /// <param name="stream"><c>bridge.lane</c>.</param>
    public string GatewayStream(string stream) => TopicTemplate.Fill(Gateway(_templates.GatewayStream), ("stream", stream));

    public string Telemetry(string device, string point) => TopicTemplate.Fill(Device(_templates.Telemetry, device), ("point", point));

    public string DeviceTelemetry(string device) => Device(_templates.DeviceTelemetry, device);

    public string State(string device) => Device(_templates.State, device);

    public string Status(string device) => Device(_templates.Status, device);

    public string Health(string device) => Device(_templates.Health, device);

    public string Command(string device) => Device(_templates.Command, device);

    /// <summary>The topic on which a plain value is written to the point; <c>+</c> for all points of the device.</summary>
    public string Set(string device, string point) => TopicTemplate.Fill(Device(_templates.Set, device), ("point", point));

    public string Response(string device) => Device(_templates.Response, device);

    /// <summary>Filter of all events of the device.</summary>
    public string Events(string device) => TopicTemplate.Fill(Device(_templates.Event, device), ("name", "+"));

    /// <summary>Filters of the preset <c>standard</c>: readings, presence, health and answers of these devices, one by one.</summary>
    public IReadOnlyList<string> StandardFilters(IEnumerable<DeviceOptions> devices) =>
    [
        .. devices.SelectMany(d => (string[])
        [
            d.Telemetry == TelemetryShape.PerDevice ? DeviceTelemetry(d.Id) : Telemetry(d.Id, "+"),
            Status(d.Id),
            Health(d.Id),
            Response(d.Id),
        ]),
    ];

    /// <summary>Filters of the preset <c>commands</c>: documents and plain values for these devices, one by one.</summary>
    public IReadOnlyList<string> CommandFilters(IEnumerable<DeviceOptions> devices) =>
        [.. devices.SelectMany(d => (string[])[Command(d.Id), Set(d.Id, "+")])];

    private string Gateway(string template) => TopicTemplate.Fill(template, ("root", root), ("id", gatewayId));

    private string Device(string template, string device) => TopicTemplate.Fill(Gateway(template), ("device", device));
}
