using Gateway.Adapters;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Lora;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Heard;

public sealed class UnknownTests
{
    [Theory]
    [InlineData("A4:C1:38:*", "A4:C1:38:01:02:03", true)]
    [InlineData("a4:c1:38:*", "A4:C1:38:01:02:03", true)]
    [InlineData("A4:C1:38:0?:*", "A4:C1:38:11:02:03", false)]
    public void Allows_APattern(string pattern, string address, bool isAllowed) =>
        Assert.Equal(isAllowed ? pattern : null, (UnknownOptions.Listed with { Allow = [pattern] }).PatternOf(address));

    [Fact]
    public void IdOf_IsTheAddressInLowerCaseWithHyphens() =>
        Assert.Equal("ble-a4-c1-38-01-02-03", (UnknownOptions.Listed with { Id = "ble-{address}" }).IdOf("A4:C1:38:01:02:03"));

    /// <summary>What was found on a link before its options changed: a node may speak once a day.</summary>
    [Theory]
    [InlineData("node: 12", "unknown: { allow: \"*\" }", "lora-13")]
    [InlineData("node: 13", "unknown: { allow: \"*\" }", null)]
    [InlineData("node: 12", "unknown: { allow: \"2*\" }", null)]
    [InlineData("node: 12", "unknown: { allow: \"1*\", id: \"tank-{address}\" }", null)]
    [InlineData("node: 12", "unknown: list", null)]
    public void Readmit_WhatIsStillWanted_UnderTheSameId(string node, string unknown, string? id)
    {
        var (configuration, _) = ConfigurationLoader.Parse(
            $"links: [{{ id: field, type: lora, modem: rylr998, serial-port: /dev/ttyUSB0, region: eu868, frequency: 868.1MHz, {unknown} }}]\ndevices: [{{ id: a, link: field, {node} }}]\n",
            "gateway.yaml", AdapterCatalog.All);
        var link = (LoraOptions)configuration!.Links[0];
        var found = new DeviceOptions { Id = "lora-13", Link = link with { }, Address = new LoraDevice { Node = 13 }, Points = [], FindsPoints = true, FoundBy = "13" };
        var again = link.Readmit(found, configuration.Devices);
        Assert.Equal(id, again?.Id);
        Assert.True(again is null || ReferenceEquals(link, again.Link));
    }

    [Fact]
    public void Strangers_ABoundedBook_TheLongestSilentMakesRoom_AndWhatIsKnownIsKept()
    {
        var book = new StrangerBook();
        book.Heard("first", 0, "Lamp", "ibeacon", -60);
        for (var i = 0; i < StrangerBook.Most - 1; i++)
        {
            book.Heard($"s{i}", i + 1, null, null, null);
        }

        book.Heard("first", 1000, null, null, -70);
        book.Heard("late", 1001, null, null, null);

        Assert.Equal(StrangerBook.Most, book.All.Count);
        Assert.DoesNotContain(book.All, s => s.Address == "s0");
        Assert.Equal(new Stranger("first") { Name = "Lamp", Decoder = "ibeacon", Rssi = -70, Count = 2, FirstHeardAt = 0, LastHeardAt = 1000 }, book.All.Single(s => s.Address == "first"));
    }
}
