using Gateway.Adapters.Dbus;

namespace Gateway.Tests.Adapters.Dbus;

public class MessageBufferTests(ITestOutputHelper output)
{
    [Fact]
    public void TryTake_PiecesOfAnySize_AreTheSameMessages()
    {
        var chance = new Random(ProofSetting.Seed(output));
        var random = new RandomDbus(chance);
        var messages = Enumerable.Range(1, 300).Select(i => (Message: random.Message(), Serial: (uint)i)).ToList();
        var stream = messages.SelectMany(m => DbusMessageCodec.Write(m.Message, m.Serial)).ToArray();

        var buffer = new MessageBuffer();
        var taken = new List<DbusMessage>();
        for (var at = 0; at < stream.Length;)
        {
            var room = buffer.Room();
            var count = Math.Min(Math.Min(chance.Next(1, 3000), room.Length), stream.Length - at);
            stream.AsMemory(at, count).CopyTo(room);
            buffer.Added(count);
            at += count;
            while (buffer.TryTake(0, out var message))
            {
                taken.Add(message!);
            }
        }

        Assert.Null(buffer.Problem);
        Assert.Equal(messages.Select(m => $"{m.Serial} {RandomDbus.Text(m.Message.Body)}"), taken.Select(m => $"{m.Serial} {RandomDbus.Text(m.Body)}"));
    }

    [Fact]
    public void Room_LargeMessage_GrowsAndShrinksAgain()
    {
        var large = DbusMessageCodec.Write(DbusMessage.Signal("/", "a.b", "C", DbusValue.Bytes(new byte[1 << 20])), 1);
        var small = DbusMessageCodec.Write(DbusMessage.Signal("/", "a.b", "C"), 2);
        var buffer = new MessageBuffer();
        Assert.Equal([1, 2], Feed(buffer, [.. large, .. small]));
        buffer.Room();
        Assert.Equal(MessageBuffer.Usual, buffer.Capacity);
    }

    [Theory]
    [InlineData("00000000000000000000000000000000", "neither byte order")]
    [InlineData("6C010002000000000100000000000000", "another version of the protocol")]
    [InlineData("6C01000100000010010000000000FFFF", "larger than a message may be")]
    public void TryTake_NoMessage_IsTheEndOfIt(string hex, string problem)
    {
        var buffer = new MessageBuffer();
        Assert.Empty(Feed(buffer, Convert.FromHexString(hex)));
        Assert.Equal(problem, buffer.Problem);
    }

    private static List<long> Feed(MessageBuffer buffer, byte[] stream)
    {
        var serials = new List<long>();
        for (var at = 0; at < stream.Length;)
        {
            var room = buffer.Room();
            var count = Math.Min(room.Length, stream.Length - at);
            stream.AsMemory(at, count).CopyTo(room);
            buffer.Added(count);
            at += count;
            while (buffer.TryTake(0, out var message))
            {
                serials.Add(message!.Serial);
            }
        }

        return serials;
    }
}
