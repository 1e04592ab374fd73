using Gateway.Adapters.Lora;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Whatever a driver says stands in its table, with the document it is from or with what check tells of it.</summary>
public class ModemFactTests
{
    public static TheoryData<ModemMake> Makes => [.. Enum.GetValues<ModemMake>()];

    [Theory]
    [MemberData(nameof(Makes))]
    public void EveryCommand_OfADriver_StandsInItsTable_AndNothingElseDoes(ModemMake make)
    {
        var commands = LoraOptions.FactsOf(make).SelectMany(static f => f.Commands).ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var modem in ModemCase.All.Where(c => !c.IsTransparent && c.Link().Modem == make && make != ModemMake.Generic))
        {
            // All that it ever says: at its start, after a packet, with a packet to send, as a watchdog.
            var harness = SessionHarness.Ready(modem.Name);
            harness.Hear(modem.Nasty(1));
            Assert.Null(harness.Send(modem.Nasty(2)));
            harness.Run(ModemSession.WatchEvery * 3);
            foreach (var said in harness.Said)
            {
                var known = commands.Where(c => said == c || (c != "AT" && said.StartsWith(c, StringComparison.Ordinal))).ToList();
                Assert.True(known.Count > 0, $"{modem}: {said} stands in no fact");
                used.UnionWith(known);
            }
        }

        Assert.Equal(commands.Order(), used.Order());
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void Fact_HasASource_OrARemedy(ModemMake make) => Assert.All(LoraOptions.FactsOf(make), static f => Assert.True(f.Source is { Length: > 0 } || f.Remedy.Length > 0, f.What));

    [Theory]
    [InlineData("modem: rylr998", "that it ships with 115200 baud")]
    [InlineData("modem: rylr998\nbaud: 115200", "")]
    [InlineData("modem: rn2483", "that it ships with 57600 baud, what it answers while it receives, as the watchdog asks it")]
    [InlineData("modem: rn2483\nbaud: 57600\nwatchdog: false", "")]
    [InlineData("modem: rn2903\nregion: us915\nfrequency: 915MHz\nbaud: 57600\nwatchdog: false", "that it takes the commands of an RN2483")]
    [InlineData("modem: lora-e5", "what it answers while it receives, as the watchdog asks it")]
    [InlineData("modem: lora-e5\nwatchdog: false", "that it says +RESET: OK also after a reset that it was not told to make")]
    [InlineData("modem: rak3172", "")]
    [InlineData("modem: ebyte\nrssi-byte: half", "")]
    [InlineData("modem: ebyte\nchannel: 18", "that with fixed addressing a packet is handed on without the three bytes in front")]
    [InlineData("modem: generic\npattern: \"(?<payload>.*)\"", "")]
    public void Unverified_OfALink_IsWhatItUses(string keys, string expected) =>
        Assert.Equal(expected, string.Join(", ", LoraMap.GoodLink(keys).Unverified(sendsLineEnds: false).Select(static f => f.What)));

    [Fact]
    public void Unverified_OfALinkThatSendsLineEnds_IsMore() => Assert.Contains(LoraMap.GoodLink("").Unverified(sendsLineEnds: true), static f => f.What.StartsWith("that it sends data with line ends", StringComparison.Ordinal));
}
