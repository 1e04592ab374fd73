using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Lora;

/// <summary><c>type: lora</c> in the catalog.</summary>
public sealed class LoraAdapterType : IAdapterType
{
    public string Type => LoraOptions.TypeName;

    public string Meaning => "LoRa: sensors far away, heard by a serial modem (REYAX, Microchip, Seeed, RAK, EBYTE, or any that prints a line for each packet).";

    public bool FindsPoints => true;

    public LinkOptions ReadLink(MapReader map, string id) => LoraLinkTable.Read(map, id);

    public DeviceAddress ReadDevice(MapReader map) => LoraDeviceTable.Read(map);

    public PointAddress ReadPoint(MapReader map, DeviceAddress device) => LoraPointTable.Read(map);

    public string? WhyNot(PointOptions point, DeviceAddress device, LinkOptions link) => LoraPointTable.WhyNot(point, (LoraDevice)device, (LoraOptions)link);

    public IAdapter Create(LinkOptions link, IReadOnlyList<DeviceOptions> devices, AdapterContext context) =>
        new LoraAdapter((LoraOptions)link, devices, new(link.Id), context);
}
