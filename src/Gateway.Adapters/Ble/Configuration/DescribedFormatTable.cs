using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;
using Gateway.Configuration;

namespace Gateway.Adapters.Ble;

/// <summary>The keys of <c>decoder</c> where it is written out: which bytes of an advertisement, and those of a layout.</summary>
internal static class DescribedFormatTable
{
    private static readonly Kind<Guid> Uuid = new BleUuidKind();
    private static readonly Kind<ushort> Company = new CompanyKind();
    private static readonly Kind<ReadOnlyMemory<byte>> Bytes = new HexBytesKind();

    public static Kind<BleDecoding> Kind { get; } = new Table<BleDecoding>("a layout", "{ manufacturer: 0x0822, fields: [{ id: temperature, type: int16, scale: 0.01 }] }", Read);

    private static BleDecoding Read(MapReader map)
    {
        var company = map.Maybe("manufacturer", Company, "none", "Company identifier of the manufacturer data that the layout describes; it begins behind the identifier. scan ble shows it.");
        var service = map.Maybe("service-data", Uuid, "none", "UUID of the service data that the layout describes; it begins behind the UUID.");
        var begin = map.Maybe("starts-with", Bytes, "any", "Bytes with which it begins, in hexadecimal digits, where the device sends several kinds of messages; others are passed over. The layout's first byte is the first of these.");
        var layout = LayoutTable.Read(map);
        if (map.IsSound && company is null == service is null)
        {
            map.Wrong(map.Position, company is null ? "nothing says which bytes of an advertisement the layout describes" : "manufacturer and service-data: the layout describes one of them", "write one of manufacturer: 0x0822 or service-data: \"fcd2\"");
        }

        var format = new DescribedFormat(new(company, service) { StartsWith = begin ?? default }, layout);
        return new(format.Name, format);
    }
}
