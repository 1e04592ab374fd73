using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Ble;

/// <summary>The keys of a point of a device on a <c>ble</c> link: a value that it advertises, or a characteristic.</summary>
internal static class BlePointTable
{
    private static readonly BleUuidKind Uuid = new();

    private static readonly LayoutTypeKind Types = new();

    public static PointAddress Read(MapReader map)
    {
        var field = HeardTable.ReadField(map);
        var characteristic = map.Maybe("characteristic", Uuid, "it is advertised", "UUID of the characteristic that holds it: the gateway connects to read it.");
        var service = map.Maybe("service", Uuid, "whichever has the characteristic", "UUID of the characteristic's service.");
        var type = map.Maybe("type", Types, "as Bluetooth SIG says for the UUID", "How the bytes of a characteristic are understood.");
        var at = map.Maybe("at", Kinds.Integer(0, 511, "2"), "0", "First byte of the value in the characteristic.");
        var isBigEndian = map.Optional("byte-order", Kinds.Choice(("little", false), ("big", true)), false, "Of the bytes of a characteristic.");
        var bits = map.Maybe("bits", new BitRangeKind(), "all", "The bits of an integer that count: 3, or 0-3.");
        var isNotified = map.Optional("notify", Kinds.Boolean, false, "The device tells it: the gateway stays connected instead of reading every so often.");
        if (characteristic is not { } uuid)
        {
            if (map.IsSound && (service is not null || type is not null || at is not null || bits is not null || isNotified))
            {
                map.Wrong(
                    service is not null ? "service" : type is not null ? "type" : at is not null ? "at" : bits is not null ? "bits" : "notify",
                    "it is about a characteristic, and none is named", "add characteristic: \"2a19\", or remove it");
            }

            return new HeardPoint(field);
        }

        if (map.IsSound && type is null && (at is not null || bits is not null))
        {
            map.Wrong(at is not null ? "at" : "bits", "a place in the bytes without their type", "add type: uint16");
        }

        return new GattPoint(new(uuid, service), type is { } shape ? new LayoutField { Id = "value", Shape = shape, At = at ?? 0, Bits = bits, IsLittleEndian = !isBigEndian } : null, field, isNotified);
    }

    /// <summary>Why the point cannot be as it is configured; null: it can.</summary>
    public static string? WhyNot(PointOptions point) => point.Address switch
    {
        HeardPoint when point.Write is not null => "what a device advertises cannot be written; remove write, or name a characteristic",
        GattPoint { Layout: null, At.Characteristic: var uuid } when Decoding.GattCharacteristics.Find(uuid) is null => $"how the bytes of {BleUuid.Write(uuid)} are understood is not known; add type: uint16, or what the device's manual says",
        GattPoint { Layout: null } when point.Write is not null => "what is written needs a type; add type: uint8, or what the device's manual says",
        GattPoint { Layout.Bits: not null } when point.Write is not null => "a part of the bits cannot be written; remove bits",
        _ => null,
    };
}
