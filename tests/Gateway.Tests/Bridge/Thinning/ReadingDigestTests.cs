using System.Text;
using System.Text.Json;
using Gateway.Bridge;
using Gateway.Core;
using Gateway.Mqtt;

namespace Gateway.Tests.Bridge.Thinning;

public sealed class ReadingDigestTests
{
    /// <summary>The beginning of a day.</summary>
    private const long Start = 1_736_380_800_000;

    private readonly ReadingDigest _digest = new();

    [Fact]
    public void Finish_TwoPoints_OneSummaryForEachAndMinute()
    {
        Add("a", 0, 180);
        Add("b", 30, 60);
        Assert.Equal(["a 0 60", "b 30 30", "a 60 60", "b 60 30", "a 120 60"], Finish());
    }

    [Fact]
    public void Finish_AloneInItsWindow_StaysAsItCame()
    {
        var message = Message("a", 5, 1) with { Properties = new MessageProperties { ContentType = "application/json" } };
        Assert.True(_digest.TryAdd("remote/a", message));
        var alone = Assert.Single(_digest.Finish());
        Assert.Equal("remote/a", alone.Topic);
        Assert.Same(message.Properties, alone.Message.Properties);
        Assert.Equal(message.Payload.ToArray(), alone.Message.Payload.ToArray());
    }

    [Fact]
    public void Finish_Properties_AreThoseOfTheLast()
    {
        _digest.TryAdd("a", Message("a", 5, 1));
        _digest.TryAdd("a", Message("a", 6, 2) with { Properties = new MessageProperties { ContentType = "application/json" } });
        var sum = Assert.Single(_digest.Finish()).Message;
        Assert.Equal(("application/json", QualityOfService.AtLeastOnce, false), (sum.Properties.ContentType, sum.Qos, sum.Retain));
    }

    [Fact]
    public void Finish_FromAnotherGateway_KeepsThePathAndNotTheIdentity()
    {
        foreach (var (second, path) in (ReadOnlySpan<(int, string)>)[(1, "gw-2"), (2, "gw-2"), (3, "gw-3"), (4, "gw-3,gw-2")])
        {
            _digest.TryAdd("a", Message("a", second, second) with
            {
                Properties = new MessageProperties { UserProperties = new UserProperty[] { new("gw", $"gw-2;cloud.telemetry;00000000000000aa;{second}"), new("gw-path", path), new("site", "berlin") } },
            });
        }

        var (first, alone, other) = _digest.Finish() is [var a, var b, var c] ? (a.Message, b.Message, c.Message) : throw new InvalidOperationException();
        Assert.Equal([new("gw-path", "gw-2"), new("site", "berlin")], first.Properties.UserProperties);
        Assert.Equal(2, JsonDocument.Parse(first.Payload).RootElement.GetProperty("count").GetInt32());
        Assert.Equal("gw-2;cloud.telemetry;00000000000000aa;3", alone.Properties.User("gw"));
        Assert.Equal("gw-2;cloud.telemetry;00000000000000aa;4", other.Properties.User("gw"));
    }

    [Fact]
    public void TryAdd_WhatIsNoReading_IsNotTaken()
    {
        Assert.False(_digest.TryAdd("a", new MqttMessage { Topic = "a", Payload = "on"u8.ToArray() }));
        Assert.False(_digest.TryAdd("a", new MqttMessage { Topic = "a", Payload = """{"ts":1,"points":{},"schema":"telemetry.v1"}"""u8.ToArray() }));
        Assert.Equal(0, _digest.Bytes);
        Assert.Empty(_digest.Finish());
    }

    [Fact]
    public void AgainAndAgain_WindowsWidenToADayAndNothingIsLost()
    {
        Add("a", 0, 7200);
        var rounds = new List<(int Messages, long Window)>();
        var messages = _digest.Finish();
        for (var round = 0; round < 5; round++)
        {
            rounds.Add((messages.Count, Of(messages[0]).GetProperty("window").GetInt64()));
            Assert.Equal(7200, messages.Sum(static m => Of(m).GetProperty("count").GetInt64()));
            var next = new ReadingDigest();
            Assert.All(messages, m => Assert.True(next.TryAdd(m.Topic, m.Message)));
            messages = next.Finish();
        }

        Assert.Equal([(120, 60_000L), (12, 600_000L), (2, 3_600_000L), (1, 86_400_000L), (1, 86_400_000L)], rounds);
        var day = Of(Assert.Single(messages));
        Assert.Equal((0, 7199, 3599.5m), (day.GetProperty("min").GetInt32(), day.GetProperty("max").GetInt32(), day.GetProperty("mean").GetDecimal()));
    }

    [Fact]
    public void Coarsen_LongerWindowsAtOnce_AndWhatComesThen()
    {
        Add("a", 0, 1200);
        var before = _digest.Bytes;
        Assert.True(_digest.Coarsen());
        Assert.InRange(_digest.Bytes, 1, before / 9);
        Add("a", 1200, 60);
        Assert.Equal(["a 0 600", "a 600 600", "a 1200 60"], Finish());
        Assert.True(_digest.Coarsen());
        Assert.True(_digest.Coarsen());
        Assert.False(_digest.Coarsen());
        Assert.Equal(["a 0 1260"], Finish());
    }

    [Fact]
    public void UnsyncedClock_StaysByItself_EachStartToo()
    {
        Add("a", 0, 10);
        Add("a", 0, 10, ",\"clock\":\"unsynced\"");
        Add("a", 5, 10, ",\"clock\":\"unsynced\"", boot: 8);
        Assert.Equal(["a 0 10", "a 0 10", "a 5 10"], Finish());
        Assert.Equal(2, _digest.Finish().Count(static m => Of(m).TryGetProperty("clock", out _)));
    }

    [Fact]
    public void Bytes_AreAboutWhatIsWritten()
    {
        Add("edge/boiler/telemetry/supply-temperature", 0, 6000);
        var written = _digest.Finish().Sum(static m => m.Message.Payload.Length + m.Message.Topic.Length);
        Assert.InRange(_digest.Bytes, written, 2 * written);
    }

    [Fact]
    public void Anything_ThatAnybodyMayPublish_DoesNoHarm()
    {
        string[] originals =
        [
            """{"v":21.7,"ts":1736430000123,"unit":"°C","q":"good","seq":42,"boot":7,"clock":"unsynced","schema":"reading.v1"}""",
            """{"v":null,"ts":-9223372036854775808,"q":"bad","error":"a \u00fc","schema":"reading.v1","points":[{"a":[1,2]}]}""",
            """{"v":21.7,"ts":9223372036854775807,"min":-1E308,"max":1E308,"mean":79228162514264337593543950335,"count":1000000,"from":0,"window":86400000,"schema":"reading-summary.v1"}""",
            """{"v":1,"ts":1736430000123,"min":1,"max":1,"mean":1e-28,"count":1000000,"numbers":1,"from":-5,"window":1,"schema":"reading-summary.v1"}""",
        ];
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var payload = Encoding.UTF8.GetBytes(originals[random.Next(originals.Length)]).ToList();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                var at = random.Next(payload.Count);
                switch (random.Next(3))
                {
                    case 0:
                        payload[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        payload.RemoveAt(at);
                        break;
                    default:
                        payload.Insert(at, "0123456789-+.eE{}[],:"u8[random.Next(21)]);
                        break;
                }
            }

            try
            {
                taken += _digest.TryAdd("a", new MqttMessage { Topic = "a", Payload = payload.ToArray() }) ? 1 : 0;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {Encoding.UTF8.GetString([.. payload])}: {e}");
            }
        }

        Assert.InRange(taken, 5_000, 19_999);
        do
        {
            Assert.All(_digest.Finish(), static m => Assert.NotNull(SummaryPart.Read(m.Message.Payload.Span)));
        }
        while (_digest.Coarsen());
    }

    private void Add(string topic, int from, int count, string extra = "", int boot = 7)
    {
        for (var second = from; second < from + count; second++)
        {
            Assert.True(_digest.TryAdd(topic, Message(topic, second, second, extra, boot)));
        }
    }

    /// <summary>Topic, first second, count.</summary>
    private List<string> Finish() => [.. _digest.Finish().Select(static m => $"{m.Topic} {(Of(m).GetProperty("from").GetInt64() - Start) / 1000} {Of(m).GetProperty("count")}")];

    private static JsonElement Of(Gateway.Storage.StandIn message) => JsonDocument.Parse(message.Message.Payload).RootElement;

    private static MqttMessage Message(string topic, int second, int value, string extra = "", int boot = 7) => new()
    {
        Topic = topic,
        Payload = Encoding.UTF8.GetBytes($$"""{"v":{{value}},"ts":{{Start + (second * 1000L)}},"q":"good","seq":1,"boot":{{boot}}{{extra}},"schema":"reading.v1"}"""),
        Qos = QualityOfService.AtLeastOnce,
    };
}
