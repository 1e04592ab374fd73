using Gateway.Adapters.Heard;

namespace Gateway.Tests.Adapters.Heard;

public sealed class UnknownTests
{
    [Theory]
    [InlineData("A4:C1:38:*", "A4:C1:38:01:02:03", true)]
    [InlineData("a4:c1:38:*", "A4:C1:38:01:02:03", true)]
    [InlineData("A4:C1:38:0?:*", "A4:C1:38:11:02:03", false)]
    public void Allows_APattern(string pattern, string address, bool isAllowed) =>
        Assert.Equal(isAllowed, (UnknownOptions.Listed with { Allow = [pattern] }).Allows(address));

    [Fact]
    public void IdOf_IsTheAddressInLowerCaseWithHyphens() =>
        Assert.Equal("ble-a4-c1-38-01-02-03", (UnknownOptions.Listed with { Id = "ble-{address}" }).IdOf("A4:C1:38:01:02:03"));

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
