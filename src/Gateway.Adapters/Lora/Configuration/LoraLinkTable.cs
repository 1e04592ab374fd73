using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Adapters.Serial;
using Gateway.Configuration;

namespace Gateway.Adapters.Lora;

/// <summary>The keys of a <c>lora</c> link.</summary>
internal static class LoraLinkTable
{
    private static readonly Kind<ModemMake> Makes = Kinds.Choice(
            ("rylr998", ModemMake.Rylr998), ("rylr896", ModemMake.Rylr896), ("rn2483", ModemMake.Rn2483), ("rn2903", ModemMake.Rn2903),
            ("lora-e5", ModemMake.LoraE5), ("rak3172", ModemMake.Rak3172), ("ebyte", ModemMake.Ebyte), ("generic", ModemMake.Generic))
        .Refuse("e22", "EBYTE's modules are all spoken to alike", "write ebyte").Refuse("e220", "EBYTE's modules are all spoken to alike", "write ebyte").Refuse("e32", "EBYTE's modules are all spoken to alike", "write ebyte");

    private static readonly Kind<LoraRegion> Regions = Kinds.Choice([.. LoraRegion.All.Select(r => (r.Name, r))]);

    private static readonly FrequencyKind Frequency = new("868.1MHz", 137_000_000, 1_020_000_000);

    private static readonly FrequencyKind Bandwidth = new("125kHz", 7_800, 500_000);

    private static readonly Kind<int> CodingRates = Kinds.Choice(("4/5", 1), ("4/6", 2), ("4/7", 3), ("4/8", 4));

    private static readonly Kind<RssiByte> RssiBytes = Kinds.Choice(("none", RssiByte.None), ("complement", RssiByte.Complement), ("half", RssiByte.Half));

    private static readonly Kind<bool> Frames = Kinds.Choice(("none", false), ("own", true));

    private static readonly UnknownTable Unknown = new("lora-", "1*");

    /// <summary>What the makers ship with; which of these a manual says is in the tables of the drivers (<see cref="ModemFact.Baud"/>).</summary>
    private static int BaudOf(ModemMake make) => make switch
    {
        ModemMake.Rn2483 or ModemMake.Rn2903 => 57_600,
        ModemMake.LoraE5 or ModemMake.Ebyte => 9_600,
        _ => 115_200,
    };

    public static LoraOptions Read(MapReader map, string id)
    {
        var make = map.Required("modem", Makes, "Make of the modem; generic: any that prints a line for each packet, described by pattern. The registers of ebyte modules are set with their maker's tool.");
        var baud = map.Maybe("baud", Kinds.Integer(300, 4_000_000, "115200"), "57600 of rn2483 and rn2903, 9600 of lora-e5 and ebyte, 115200 of the others", "Speed of the serial line.");
        var path = map.Required("serial-port", new SerialPortKind(), "The modem, best by its path under /dev/serial/by-id; edge-gateway ports lists them.");
        var frames = map.Optional("frames", Frames, false, "own: the nodes speak the gateway's own frame (docs/lora-frame.md), which says who sent it, its number, and whether it is whole.");
        var options = new LoraOptions(id, map.Position)
        {
            Modem = make,
            Serial = new(path, baud ?? BaudOf(make)),
            IsBaudAssumed = baud is null,
            Modulation = ReadModulation(map),
            Power = map.Optional("power", Kinds.Integer(-9, 30, "14"), LoraOptions.DefaultPower, "Of the modem, in dBm."),
            AntennaGain = map.Optional("antenna-gain", Kinds.Decimal(-10, 20), LoraOptions.DefaultAntennaGain, "In dBi, less what the cable takes; the region limits what radiates."),
            Region = map.Required("region", Regions, "Whose rules hold: frequencies, power, duty cycle, longest packet."),
            OverridesRegion = map.Optional("override-region", Kinds.Boolean, false, "Sends what the region's table does not allow, for those with a licence or a better table."),
            ModemAddress = map.Optional("modem-address", Kinds.Integer(0, 65535, "1"), 0, "The modem's own address (rylr998, rylr896): what nodes send to."),
            NetworkId = map.Maybe("network-id", Kinds.Integer(0, 255, "18"), "the modem's", "Number of the network (rylr998, rylr896)."),
            SyncWord = map.Maybe("sync-word", Kinds.Integer(0, 255, "18"), "the modem's", "Sync word of the radio (rn2483, rn2903), in decimal: 18 private, 52 LoRaWAN."),
            HasFrames = frames,
            NodeBytes = map.Optional("node-bytes", Kinds.Integer(0, 2, "1"), 0, "Bytes in front of each payload that are the node's number, big-endian; they are not given to the decoder."),
            RssiByte = map.Optional("rssi-byte", RssiBytes, RssiByte.None, "The byte behind each packet (ebyte, REG3 bit 7): complement is -(256 - byte) dBm, half is -byte/2 of firmware of 2018."),
            Channel = map.Maybe("channel", Kinds.Integer(0, 255, "18"), "transparent sending", "The channel in front of what is sent with fixed addressing (ebyte, REG3 bit 6)."),
            Generic = ReadGeneric(map, make),
            HasWatchdog = map.Optional("watchdog", Kinds.Boolean, true, "Asks the modem after a minute of silence whether it is still there and as it was set up."),
            Decoder = map.Optional("decoder", PayloadFormat.Kind, PayloadFormat.CayenneLpp, "How payloads are understood, of devices that name no decoder of their own and of unknown ones."),
            Unknown = Unknown.Read(map),
        };
        if (map.IsSound)
        {
            Judge(map, options);
        }

        return options;
    }

    private static LoraModulation ReadModulation(MapReader map) => new(
        map.Required("frequency", Frequency, "Centre frequency."),
        map.Optional("spreading-factor", Kinds.Integer(5, 12, "9"), LoraOptions.DefaultModulation.SpreadingFactor, "7 is fast and near, 12 slow and far; 5 and 6 only between newer chips."),
        (int)map.Optional("bandwidth", Bandwidth, LoraOptions.DefaultModulation.Bandwidth, "Of the channel."),
        map.Optional("coding-rate", CodingRates, LoraOptions.DefaultModulation.CodingRate, "Share of error correction."),
        map.Optional("preamble", Kinds.Integer(4, 65535, "8"), LoraOptions.DefaultModulation.Preamble, "Symbols in front of a packet; 12 of rylr998."),
        map.Optional("crc", Kinds.Boolean, true, "The radio's own checksum."));

    private static GenericModem? ReadGeneric(MapReader map, ModemMake make)
    {
        var line = new TextKind("a line", "\"AT+RX\"");
        var expression = new PatternKind();
        var pattern = map.Maybe("pattern", expression, "none", "Of the lines with packets (generic): a regular expression with the group payload, and rssi, snr and from if they are told.");
        var modem = new GenericModem(
            pattern ?? "", map.Optional("payload", Kinds.Choice(("hex", PayloadEncoding.Hex), ("text", PayloadEncoding.Text), ("base64", PayloadEncoding.Base64)), PayloadEncoding.Hex, "How the payload stands in them (generic)."))
        {
            Init = map.Optional("init", Kinds.List(line), [], "Lines that set the modem up (generic)."),
            Arm = map.Optional("arm", Kinds.List(line), [], "Lines that start its receiver (generic)."),
            DisarmsItself = map.Optional("arm-after-packet", Kinds.Boolean, false, "The receiver stops with each packet, and is started again (generic)."),
            Ok = map.Optional("ok", expression, "^\\+?(OK|ok)$", "What a good answer matches (generic)."),
            Error = map.Optional("error", expression, "(?i)err|invalid|busy", "What a bad answer matches (generic)."),
            Banner = map.Maybe("banner", expression, "it says nothing", "What the modem says first after a reset: it is set up anew then (generic)."),
            Send = map.Maybe("send", line, "it only receives", "The line that sends a packet, with {hex} or {base64} for the payload, and {to} (generic)."),
        };
        if (map.IsSound && (make == ModemMake.Generic) != (pattern is not null))
        {
            map.Wrong(pattern is null ? "modem" : "pattern", pattern is null ? "a generic modem without pattern" : "pattern is for modem: generic", pattern is null ? "add pattern: \"^RX (?<payload>[0-9A-F]+) (?<rssi>-[0-9]+)$\"" : "remove it");
        }
        else if (map.IsSound && pattern?.Contains($"(?<{PatternFramer.Payload}>", StringComparison.Ordinal) == false)
        {
            map.Wrong("pattern", "the pattern has no group payload", "write (?<payload>[0-9A-F]+) where the payload stands");
        }

        return pattern is null ? null : modem;
    }

    private static void Judge(MapReader map, LoraOptions options)
    {
        var modulation = options.Modulation;
        if (!options.OverridesRegion && options.Region.WhyNot(modulation, options.Power, options.AntennaGain) is { } why)
        {
            map.Wrong(why.Instead.StartsWith("write power", StringComparison.Ordinal) ? "power" : why.Instead.StartsWith("choose a lower", StringComparison.Ordinal) ? "spreading-factor" : "frequency", why.Wrong, $"{why.Instead}, or override-region: true");
        }

        if (BandwidthsOf(options.Modem) is { } bandwidths && !bandwidths.Contains(modulation.Bandwidth))
        {
            map.Wrong("bandwidth", $"the modem has no bandwidth of {modulation.Bandwidth / 1000m} kHz", $"write {string.Join(", ", bandwidths.SkipLast(1).Select(b => Bandwidth.Write(b)))} or {Bandwidth.Write(bandwidths[^1])}");
        }

        if (options is { HasFrames: true, NodeBytes: > 0 })
        {
            map.Wrong("node-bytes", "the frame says who sent it", "remove node-bytes, or frames");
        }

        if (options.Generic?.Encoding == PayloadEncoding.Text && (options.HasFrames || options.NodeBytes > 0))
        {
            map.Wrong("payload", $"{(options.HasFrames ? "a frame holds" : "a node's number is")} bytes that are no text", "write payload: hex or base64, as the modem prints it");
        }

        foreach (var (key, isWritten, isFor, makes) in Owned(options))
        {
            if (isWritten && !isFor)
            {
                map.Wrong(key, $"this is for modem: {makes}", "remove it: this modem is not told, and would do as it does");
            }
        }
    }

    /// <summary>Keys that only some makes are told, and which would be ignored with the others.</summary>
    private static (string Key, bool IsWritten, bool IsFor, string Makes)[] Owned(LoraOptions options)
    {
        var isReyax = options.Modem is ModemMake.Rylr896 or ModemMake.Rylr998;
        var isMicrochip = options.Modem is ModemMake.Rn2483 or ModemMake.Rn2903;
        return
        [
            ("rssi-byte", options.RssiByte != RssiByte.None, options.Modem == ModemMake.Ebyte, "ebyte"),
            ("channel", options.Channel is not null, options.Modem == ModemMake.Ebyte, "ebyte"),
            ("sync-word", options.SyncWord is not null, isMicrochip, "rn2483 and rn2903"),
            ("network-id", options.NetworkId is not null, isReyax, "rylr998 and rylr896"),
            ("modem-address", options.ModemAddress != 0, isReyax, "rylr998 and rylr896"),
            ("crc", !options.Modulation.HasCrc, !isReyax && options.Modem != ModemMake.Rak3172, "rn2483, rn2903, lora-e5, ebyte and generic"),
        ];
    }

    /// <summary>In Hz; null: the modem is not told.</summary>
    private static IReadOnlyList<int>? BandwidthsOf(ModemMake make) => make switch
    {
        ModemMake.Rylr896 => Reyax.Bandwidths,
        ModemMake.Ebyte or ModemMake.Generic => null,
        _ => [125_000, 250_000, 500_000],
    };
}
