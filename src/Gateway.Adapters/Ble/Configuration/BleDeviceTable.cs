using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Heard;
using Gateway.Configuration;

namespace Gateway.Adapters.Ble;

/// <summary>The keys of a device on a <c>ble</c> link.</summary>
internal static class BleDeviceTable
{
    private static readonly Kind<BleDecoding> Decoders = Kinds.ScalarOrMap(
        Kinds.Choice([(BleDevice.AutoDecoder, BleDecoding.Auto), .. BleFormats.All.Select(f => (f.Name, new BleDecoding(f.Name))), (BleDevice.NoDecoder, new BleDecoding(BleDevice.NoDecoder))])
            .Refuse("xiaomi", "the format is called mibeacon", "write mibeacon").Refuse("pvvx", "the formats of ATC and pvvx firmware are called atc", "write atc"),
        DescribedFormatTable.Kind);

    private static readonly Kind<BlePairing> Pairing = new Table<BlePairing>(
        "a map with a passkey", "{ passkey: { file: /etc/edge-gateway/lock.passkey } }",
        map => new(map.Maybe("passkey", Kinds.Secret, "the device wants none", "Where its six digits are kept.")));

    public static BleDevice Read(MapReader map)
    {
        var device = new BleDevice
        {
            Address = map.Maybe("address", new BleAddressKind(), "none", "Its address; scan ble shows it."),
            Irk = map.Maybe("irk", Kinds.Secret, "none", "Where the identity resolving key (32 hexadecimal digits) of a device is kept that changes its address every few minutes, as telephones do."),
            Name = map.Maybe("name", new TextKind("a pattern of names", "\"Thermo-*\"", longest: 64), "none", "Pattern of the name that it advertises, with * and ?; the first that is heard is it, until it is silent."),
            Decoding = map.Optional("decoder", Decoders, BleDecoding.Auto, $"How what it says is understood. auto: by whichever recognises it; none: only whether it is there; a map: as it says. {string.Join(' ', BleFormats.All.Select(f => $"{f.Name}: {f.Meaning}"))}"),
            Key = map.Maybe("key", Kinds.Secret, "it sends in the clear", "Where the key (bind key) of an encrypted device is kept, in hexadecimal digits. With it, what comes in the clear is refused."),
            Pairing = map.Maybe("pairing", Pairing, "it is not paired", "How it is paired with before its characteristics are read; {} without a passkey."),
            Report = HeardTable.ReadReport(map),
            OfflineAfter = HeardTable.ReadOfflineAfter(map),
        };
        var known = (device.Address is null ? 0 : 1) + (device.Irk is null ? 0 : 1) + (device.Name is null ? 0 : 1);
        if (map.IsSound && known != 1)
        {
            map.Wrong(map.Position, known == 0 ? "nothing says which device it is" : "more than one key says which device it is", "write one of address: \"A4:C1:38:01:02:03\", irk: { file: … } or name: \"Thermo-*\"");
        }

        if (map.IsSound && device.Key is not null && device.Decoding.Format is { KeyLengths.Count: 0 })
        {
            map.Wrong("key", $"{device.Decoder} has no encryption", "remove key");
        }

        return device;
    }
}
