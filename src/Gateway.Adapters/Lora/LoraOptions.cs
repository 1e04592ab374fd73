using System.Globalization;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Adapters.Serial;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Lora;

/// <summary>A <c>lora</c> link: a modem on a serial port.</summary>
public sealed record LoraOptions(string Id, SourcePosition Position) : LinkOptions(Id, TypeName, Position)
{
    public const string TypeName = "lora";

    /// <summary>SF9, 125 kHz, 4/5: a kilometre or two through buildings, a fifth of a second for a small packet.</summary>
    public static readonly LoraModulation DefaultModulation = new(868_100_000, 9, 125_000);

    /// <summary>14 dBm: what most of the European bands allow.</summary>
    public const int DefaultPower = 14;

    /// <summary>2 dBi: the rod that comes with the modem.</summary>
    public const decimal DefaultAntennaGain = 2;

    /// <summary>The make.</summary>
    public required ModemMake Modem { get; init; }

    public required SerialSettings Serial { get; init; }

    /// <summary>The speed is not configured but that of the make as it is sold.</summary>
    public bool IsBaudAssumed { get; init; }

    public LoraModulation Modulation { get; init; } = DefaultModulation;

    /// <summary>Of the modem, in dBm.</summary>
    public int Power { get; init; } = DefaultPower;

    /// <summary>In dBi.</summary>
    public decimal AntennaGain { get; init; } = DefaultAntennaGain;

    public required LoraRegion Region { get; init; }

    /// <summary>What the region does not allow is done all the same.</summary>
    public bool OverridesRegion { get; init; }

    /// <summary>The modem's own address, where its protocol has one.</summary>
    public int ModemAddress { get; init; }

    public int? NetworkId { get; init; }

    public int? SyncWord { get; init; }

    /// <summary>The nodes speak the own frame.</summary>
    public bool HasFrames { get; init; }

    /// <summary>Bytes in front of each payload that are the node's number; 0: it is told otherwise.</summary>
    public int NodeBytes { get; init; }

    public RssiByte RssiByte { get; init; }

    /// <summary>With EBYTE's fixed addressing: the channel; null: without.</summary>
    public int? Channel { get; init; }

    /// <summary>null unless the make is generic.</summary>
    public GenericModem? Generic { get; init; }

    /// <summary>The modem is asked once a minute of silence whether it is still there.</summary>
    public bool HasWatchdog { get; init; } = true;

    /// <summary>Of devices that name none.</summary>
    public PayloadFormat Decoder { get; init; } = PayloadFormat.CayenneLpp;

    public UnknownOptions Unknown { get; init; } = UnknownOptions.Ignored;

    public override string Address => $"{Serial.Path} {Serial.Format}";

    /// <summary>What the nodes must agree with, and what the region allows.</summary>
    public override string Facts => Modem == ModemMake.Ebyte
        ? "ebyte, set with its maker's tool"
        : string.Create(CultureInfo.InvariantCulture, $"{Modulation.Frequency / 1e6m:0.###} MHz, SF{Modulation.SpreadingFactor}, {Modulation.Bandwidth / 1000m:0.##} kHz, 4/{4 + Modulation.CodingRate}, {Power} dBm{Limits}");

    private string Limits => OverridesRegion || Region.BandOf(Modulation) is not { } band ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; {Region.Name} allows {band.MaxPower} dBm {(Region.IsErp ? "e.r.p." : "e.i.r.p.")}{(band.DutyCycle < 1 ? $" and sending for {band.DutyCycle * 100:0.##} % of an hour" : "")} there");

    public override string? DeviceNode => Serial.Path;

    public override bool FindsDevices => Unknown.IsListed;

    public override LetIn? LetsIn => Unknown.LetsIn;

    public override DeviceOptions? Readmit(DeviceOptions found, IReadOnlyList<DeviceOptions> configured) =>
        found.Address is LoraDevice { Node: { } node } && KnowsNodes && !configured.Any(d => d.Address is LoraDevice known && (known.Node is null || known.Node == node))
            ? Unknown.Readmit(this, NodeText(node), found)
            : null;

    /// <summary>A node's address, as people write it.</summary>
    internal static string NodeText(int node) => node.ToString(CultureInfo.InvariantCulture);

    /// <summary>Something says which node sent a packet.</summary>
    public bool KnowsNodes => HasFrames || NodeBytes > 0 || Modem is ModemMake.Rylr896 or ModemMake.Rylr998 || Generic?.Pattern.Contains($"(?<{PatternFramer.From}>", StringComparison.Ordinal) == true;

    internal IModemDialect CreateDialect()
    {
        var settings = new ModemSettings(Modulation, Power) { Address = ModemAddress, NetworkId = NetworkId, SyncWord = SyncWord };
        return Modem switch
        {
            ModemMake.Rylr896 or ModemMake.Rylr998 => new Reyax(settings),
            ModemMake.Rn2483 or ModemMake.Rn2903 => new Microchip(settings),
            ModemMake.LoraE5 => new Seeed(settings),
            ModemMake.Rak3172 => new Rak(settings),
            ModemMake.Ebyte => new Transparent(RssiByte, HasFrames, Channel),
            _ => new Generic(Generic!),
        };
    }

    /// <summary>What the driver does or takes for granted of this link's modem and nobody could compare with the maker's document.</summary>
    /// <param name="sendsLineEnds">What is sent on the link may hold a line end.</param>
    public IReadOnlyList<ModemFact> Unverified(bool sendsLineEnds) => [.. FactsOf(Modem).Where(f => f.Source is null && f.Counts(this, sendsLineEnds))];

    /// <summary>The table of a make's driver; what is generic the configuration says itself.</summary>
    internal static IReadOnlyList<ModemFact> FactsOf(ModemMake make) => make switch
    {
        ModemMake.Rylr896 or ModemMake.Rylr998 => Reyax.Facts,
        ModemMake.Rn2483 or ModemMake.Rn2903 => Microchip.Facts,
        ModemMake.LoraE5 => Seeed.Facts,
        ModemMake.Rak3172 => Rak.Facts,
        ModemMake.Ebyte => Transparent.Facts,
        _ => [],
    };

    /// <summary>Bytes that the make adds to a payload on the air: "the payload part will increase more 8 bytes than the actual data length" (REYAX guide).</summary>
    internal int AddedBytes => Modem is ModemMake.Rylr896 or ModemMake.Rylr998 ? 8 : 0;
}

/// <summary>Makes of modems.</summary>
public enum ModemMake : byte
{
    Rylr998,
    Rylr896,
    Rn2483,
    Rn2903,
    LoraE5,
    Rak3172,
    Ebyte,
    Generic,
}
