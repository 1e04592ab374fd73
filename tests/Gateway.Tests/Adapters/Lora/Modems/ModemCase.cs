using System.Text;
using Gateway.Adapters.Lora;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>One way to connect nodes: a make, or settings of a make by which its bytes differ, as one configures it, and its simulated modem.</summary>
/// <param name="Name">Stands in the names of tests.</param>
/// <param name="Keys">Of the link.</param>
internal sealed record ModemCase(string Name, string Keys)
{
    private const string Channel = "frequency: 868.5MHz\npreamble: 12\nmodem-address: 3\nnetwork-id: 18\n";
    private const string Radio = "frequency: 868.5MHz\npreamble: 12\n";

    /// <summary>A modem that is set up, armed and armed again, says when it has started, and sends.</summary>
    private const string Printing = "modem: generic\ninit: [\"AT+CFG=868500000,9\"]\narm: [\"AT+RX\"]\nbanner: \"^booted\"\n";

    public static readonly ModemCase[] All =
    [
        new("rylr998", $"modem: rylr998\n{Channel}"),
        new("rylr896", $"modem: rylr896\n{Channel}"),
        new("rn2483", $"modem: rn2483\nsync-word: 18\n{Radio}"),
        new("rn2903", "modem: rn2903\nregion: us915\nfrequency: 915MHz\npreamble: 12"),
        new("lora-e5", $"modem: lora-e5\n{Radio}"),
        new("rak3172", $"modem: rak3172\n{Radio}"),
        new("rak3172 before RUI3", $"modem: rak3172\n{Radio}"),
        new("e22", "modem: ebyte\nframes: own\nrssi-byte: complement"),
        new("e22 of 2018", "modem: ebyte\nframes: own\nrssi-byte: half"),
        new("e22 fixed", "modem: ebyte\nframes: own\nrssi-byte: complement\nchannel: 18"),
        new("e220", "modem: ebyte\nframes: own\nrssi-byte: complement"),
        new("e220 fixed", "modem: ebyte\nframes: own\nchannel: 18"),
        new("e32", "modem: ebyte\nframes: own"),
        new("e32 fixed", "modem: ebyte\nframes: own\nchannel: 18"),
        new("ebyte without frames", "modem: ebyte\nrssi-byte: complement"),
        new("ebyte without frames and strength", "modem: ebyte"),
        new("generic", $"{Printing}pattern: \"^RX (?<from>[0-9]+) (?<payload>[0-9A-F]*) (?<rssi>-?[0-9]+) (?<snr>-?[0-9.]+)$\"\nsend: \"AT+TX={{to}},{{hex}}\""),
        new("generic that stops with each packet", $"{Printing}arm-after-packet: true\npayload: base64\npattern: \"^[+]RCV:(?<payload>[A-Za-z0-9+/=]+),(?<rssi>-\\\\d+)$\"\nsend: \"AT+TX={{base64}}\""),
        new("generic with text", $"{Printing}payload: text\npattern: \"^RX:(?<payload>.+),(?<rssi>-[0-9]+)$\"\nsend: \"AT+TX={{hex}}\""),
    ];

    public static TheoryData<string> Names => [.. All.Select(static c => c.Name)];

    /// <summary>Those that are spoken to: EBYTE's are not.</summary>
    public static TheoryData<string> Spoken => [.. All.Where(static c => !c.IsTransparent).Select(static c => c.Name)];

    /// <summary>Those that can be asked whether they are as they were set up.</summary>
    public static TheoryData<string> Watched => [.. All.Where(static c => c.Link().CreateDialect().Watchdog.Count > 0).Select(static c => c.Name)];

    public bool IsTransparent => Name.StartsWith('e');

    public bool HasFrames => Keys.Contains("frames: own", StringComparison.Ordinal);

    /// <summary>Nothing but a pause says where a packet ends.</summary>
    public bool NeedsPauses => IsTransparent && !HasFrames;

    public bool IsFixed => Keys.Contains("channel", StringComparison.Ordinal);

    public bool TellsFrom => Name is "rylr998" or "rylr896" or "generic";

    public bool TellsRssi => !IsTransparent || Keys.Contains("rssi-byte", StringComparison.Ordinal);

    /// <summary>What it is sent to comes along.</summary>
    public bool TakesTo => TellsFrom || IsFixed;

    public static ModemCase Of(string name) => All.Single(c => c.Name == name);

    public LoraOptions Link(string more = "") => LoraMap.GoodLink($"{Keys.TrimEnd()}\n{more}");

    public SimulatedModem Modem() => Name switch
    {
        "rak3172 before RUI3" => new SimulatedRak(isOld: true),
        "e220" or "e220 fixed" => new SimulatedTransparent(Link().RssiByte, IsFixed, 200),
        "e32" or "e32 fixed" => new SimulatedTransparent(Link().RssiByte, IsFixed, SimulatedTransparent.PacketOfE32),
        _ => SimulatedRadio.ModemOf(Link()),
    };

    /// <summary>Line ends, commas and words of the protocols; in a frame where the nodes speak frames, and in one line where it must be.</summary>
    public byte[] Nasty(int number)
    {
        byte[] data = [.. Encoding.ASCII.GetBytes($"{number},\r\n+OK\r\nok\r\n+RCV=1,1,"), 0, 255, 0xE7, 0x9D];
        return HasFrames ? new NodeFrame(FrameKind.Data, 12, (uint)number, 0, data).ToBytes()
            : Keys.Contains("payload: text", StringComparison.Ordinal) ? Encoding.Latin1.GetBytes($"{number},+OK,ok \"RX:1,-5,+RCV=1,1,\0\u00B0C\u00FF")
            : data;
    }

    public override string ToString() => Name;
}
