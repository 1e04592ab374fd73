using System.Globalization;
using System.Text;
using Gateway.Mqtt;
using Gateway.Verification;

namespace Gateway.Tests.Verification;

public sealed class IdentityAuditTests
{
    private const string Epoch = "00000000000000ff";

    private IdentityAudit _audit = new() { FromStart = true };

    private StreamAudit Stream => _audit.Streams.First().Value;

    [Fact]
    public void See_HolesBelowTheOldest_AreMissing()
    {
        See(1, 2, 4, 6);
        Ledger(oldest: 6, next: 9);
        Assert.Equal((4UL, 2UL, 0UL, 2UL), (_audit.Received, _audit.Missing, _audit.Duplicates, _audit.Open));
        Assert.Equal([(3UL, 3UL), (5UL, 5UL)], Stream.MissingRanges);
        Assert.Equal(2UL, Stream.Mark);
    }

    [Fact]
    public void See_RepetitionsAndLateOnes_AreCountedApart()
    {
        See(1, 3, 2, 3, 1);
        Ledger(oldest: 4, next: 4);
        Assert.Equal((3UL, 0UL, 2UL, 1UL), (_audit.Received, _audit.Missing, _audit.Duplicates, _audit.OutOfOrder));
    }

    [Fact]
    public void See_Gap_ExplainsWhatIsNotThere()
    {
        See(1, 5);
        Gap(2, 4);
        Gap(2, 4);
        Ledger(oldest: 6, next: 6);
        Assert.Equal((2UL, 0UL, 3UL), (_audit.Received, _audit.Missing, _audit.Dropped));
    }

    [Fact]
    public void See_GapThatGrew_CountsOnce()
    {
        See(1);
        Gap(2, 4);
        Gap(2, 9);
        Gap(5, 9, "age");
        Ledger(oldest: 10, next: 10);
        Assert.Equal((0UL, 8UL), (_audit.Missing, Stream.DroppedBy["size"]));
    }

    [Fact]
    public void See_ToldAsDroppedAndYetHere_IsReceived()
    {
        See(1, 2);
        Gap(1, 5, "quarantine");
        See(4);
        Ledger(oldest: 6, next: 6);
        Assert.Equal((3UL, 0UL, 2UL, 0UL), (_audit.Received, _audit.Missing, _audit.Dropped, _audit.Duplicates));
    }

    [Fact]
    public void See_SameIdentityOtherContent_IsAConflict()
    {
        See(1, 2);
        _audit.See(Message("edge/d/telemetry/p", "other", Identity(2)));
        _audit.See(Message("edge/d/telemetry/q", "1", Identity(1)));
        Assert.Equal((2UL, 0UL, 2UL), (_audit.Received, _audit.Duplicates, _audit.Conflicts));
    }

    [Fact]
    public void See_JoinedInTheMiddle_JudgesFromThere()
    {
        _audit = new IdentityAudit();
        Ledger(oldest: 100, next: 120, replayed: true);
        Assert.Null(Stream.Begin);
        See(150, 151, 153);
        Ledger(oldest: 155, next: 160);
        Assert.Equal((150UL, 2UL, 5UL), (Stream.Begin, _audit.Missing, _audit.Open));
    }

    [Fact]
    public void See_JoinedWhileNothingComes_JudgesWhatGetsItsNumberLater()
    {
        _audit = new IdentityAudit();
        Ledger(oldest: 100, next: 120);
        Assert.Equal(20UL, _audit.Open);
        Ledger(oldest: 130, next: 130);
        Assert.Equal((120UL, 10UL, 0UL), (Stream.Begin, _audit.Missing, _audit.Open));
    }

    [Fact]
    public void See_KeptByTheBroker_IsFromBefore()
    {
        _audit = new IdentityAudit();
        _audit.See(Message("edge/d/status", "online", Identity(7)), replayed: true);
        Assert.Empty(_audit.Streams);
        See(150);
        Assert.Equal((150UL, 0UL), (Stream.Begin, _audit.Duplicates));
    }

    [Fact]
    public void See_NewEpoch_IsJudgedFromItsFirst()
    {
        _audit = new IdentityAudit();
        See(40);
        _audit.See(Message("edge/gateways/gw-1/streams/cloud.telemetry",
            $$$"""{"epoch":"0000000000000100","oldest":3,"next":3,"acked":2,"dropped":0,"previous":[{"epoch":"{{{Epoch}}}","oldest":43,"next":44,"acked":42,"dropped":0}]}"""));
        var (old, now) = (_audit.Streams.First().Value, _audit.Streams.Last().Value);
        Assert.Equal((0x100UL, 2UL, 1UL), (old.Successor, old.Missing, old.Open));
        Assert.Equal((0xffUL, 1UL, 2UL), (now.Predecessor, now.Begin, now.Missing));
    }

    [Fact]
    public void See_EpochsOfMovesThatWereMissed_AreJudgedFromTheOneThatWasKnown()
    {
        _audit = new IdentityAudit();
        See(40);
        Books("0000000000000300", 1, 1, ("0000000000000200", 4, 4), ("0000000000000100", 3, 3), (Epoch, 41, 41), ("0000000000000001", 9, 9));
        Assert.Equal([0xffUL, 0x100, 0x200, 0x300], _audit.Streams.Select(s => s.Key.Epoch));
        Assert.Equal([0UL, 2, 3, 0], _audit.Streams.Select(s => s.Value.Missing));
        Assert.Equal([0x100UL, 0x200, 0x300, null], _audit.Streams.Select(s => s.Value.Successor));
    }

    [Fact]
    public void See_JoinedAfterTheMove_WaitsForWhatKeptItsOldEpoch()
    {
        _audit = new IdentityAudit();
        Books("0000000000000300", 1, 3, (Epoch, 40, 44), ("0000000000000001", 9, 9));
        Assert.Equal((6UL, 2), (_audit.Open, _audit.Streams.Count()));
        See(40, 41, 43);
        Books("0000000000000300", 1, 3, (Epoch, 44, 44));
        Assert.Equal((1UL, 2UL), (_audit.Missing, _audit.Open));
    }

    [Fact]
    public void See_PreviousOfNonsense_LeavesTheRestAsItIs()
    {
        _audit.See(Message("edge/gateways/gw-1/streams/cloud.telemetry",
            $$"""{"epoch":"{{Epoch}}","oldest":1,"next":3,"previous":[1,{},null,{"epoch":"{{Epoch}}","oldest":9,"next":9},{"epoch":"x"}]}"""));
        Assert.Equal((1, 2UL, 0UL), (_audit.Streams.Count(), _audit.Open, _audit.Missing));
    }

    [Fact]
    public void See_IdentityInThePayload_IsTheSame()
    {
        PayloadSee("""{"v":1,"gw":"gw-1;cloud.telemetry;ff;1"}""", """ {"nested":{"gw":"gw-1;cloud.telemetry;ff;7"},"gw":"gw-1;cloud.telemetry;ff;3","x":[1]}""");
        PayloadSee("""{"v":1,"gw":"gw-1;cloud.telemetry;ff;1"}""", """{"v":2,"gw":"gw-1;cloud.telemetry;ff;3"}""");
        Ledger(oldest: 4, next: 4);
        Assert.Equal((2UL, 1UL, 1UL, 1UL), (_audit.Received, _audit.Missing, _audit.Duplicates, _audit.Conflicts));
    }

    [Fact]
    public void See_ForwardedWithIdentitiesInThePayload_ComparesContentsOnTheLastHopOnly()
    {
        PayloadSee("""{"gw":"hub;cloud.telemetry;ff;1","gw-origin":"gw-1;hub.telemetry;aa;1"}""", """{"gw":"hub;cloud.telemetry;ff;2","gw-origin":"gw-1;hub.telemetry;aa;1"}""");
        Assert.Equal((3UL, 1UL, 0UL), (_audit.Received, _audit.Duplicates, _audit.Conflicts));
    }

    [Theory]
    [InlineData("""{"gw":"my own key"}""")]
    [InlineData("""{"gw":7}""")]
    [InlineData("""{"gw":"\ud800"}""")]
    [InlineData("""{"gw":"gw-1;cloud.telemetry;ff;1" """)]
    [InlineData("""["gw"]""")]
    [InlineData("""{"gw-origin":"gw-1;cloud.telemetry;ff;1","a":"gw"}""")]
    public void See_SomebodyElsesPayload_IsNoIdentity(string payload)
    {
        PayloadSee(payload);
        Assert.Equal((0UL, 0), (_audit.Malformed, _audit.Streams.Count()));
    }

    [Fact]
    public void See_Forwarded_FollowsBothHops()
    {
        _audit = new IdentityAudit();
        for (var n = 1; n <= 3; n++)
        {
            // The hub forwards the first and the third of what it got.
            if (n != 2)
            {
                _audit.See(Message("edge/d/telemetry/p", $"{n}", $"hub;cloud.telemetry;{Epoch};{n}", $"gw-1;hub.telemetry;{Epoch};{n}"));
            }
        }

        _audit.See(Message("edge/gateways/gw-1/streams/hub.telemetry", $$"""{"epoch":"{{Epoch}}","oldest":4,"next":4}""", $"hub;cloud.telemetry;{Epoch};4"));
        var streams = _audit.Streams.ToDictionary(s => (s.Key.Gateway, s.Key.IsOrigin), s => s.Value);
        Assert.Equal([("gw-1", true), ("hub", false)], streams.Keys.Order());
        Assert.Equal((2UL, 1UL), (streams[("gw-1", true)].Received, streams[("gw-1", true)].Missing));
        Assert.Equal((3UL, 1UL), (streams[("hub", false)].Received, streams[("hub", false)].Missing));
    }

    [Fact]
    public void Interrupt_WhatPassedMeanwhile_IsHeldAgainstNobody()
    {
        See(1, 2);
        _audit.Interrupt();
        See(10, 11, 13);
        Ledger(oldest: 14, next: 14);
        Assert.Equal((5UL, 1UL), (_audit.Received, _audit.Missing));
    }

    [Theory]
    [InlineData("")]
    [InlineData(";;;")]
    [InlineData("gw-1;cloud.telemetry;00ff;0")]
    [InlineData("gw-1;cloud.telemetry;00ff;-1")]
    [InlineData("gw-1;cloud.telemetry;00ff;+1")]
    [InlineData("gw-1;cloud.telemetry;00ff;99999999999999999999")]
    [InlineData("gw-1;cloud.telemetry;00ff;18446744073709551615")]
    [InlineData("gw-1;cloud.telemetry;xyz;1")]
    [InlineData("gw-1;cloud.telemetry;00000000000000000ff;1")]
    [InlineData("gw-1;cloud.telemetry;00ff;1;2;3")]
    [InlineData("gw-1\u001b[2J;cloud.telemetry;00ff;1")]
    [InlineData("gw-1;cloud.telemetry;00ff")]
    public void See_NonsenseIdentity_IsCountedAndNothingElse(string identity)
    {
        _audit.See(Message("t", "1", identity));
        Assert.Equal((1UL, 0), (_audit.Malformed, _audit.Streams.Count()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"stream\":1}")]
    [InlineData("{\"stream\":\"a.b\",\"epoch\":\"ff\",\"from\":5,\"to\":4}")]
    [InlineData("{\"stream\":\"a.b\",\"epoch\":\"ff\",\"from\":0,\"to\":4}")]
    [InlineData("{\"stream\":\"a.b\",\"epoch\":\"ff\",\"from\":1,\"to\":1e300}")]
    [InlineData("{\"stream\":\"\\ud800\",\"epoch\":\"ff\",\"from\":1,\"to\":2}")]
    [InlineData("{\"epoch\":\"ff\",\"oldest\":9,\"next\":3}")]
    [InlineData("{\"epoch\":\"ff\",\"oldest\":1,\"next\":99999999999999999999}")]
    public void See_NonsenseReports_AreCountedAndNothingElse(string payload)
    {
        _audit.See(Message("edge/gateways/gw-1/gaps", payload));
        _audit.See(Message("edge/gateways/gw-1/streams/a.b", payload));
        Assert.Equal((payload.Length == 0 ? 0UL : 2UL, 0), (_audit.Malformed, _audit.Streams.Count()));
    }

    [Fact]
    public void See_AMillionGaps_TakesBoundedMemory()
    {
        See(1);
        for (var n = 0UL; n < 1_000_000; n++)
        {
            Stream.Drop(3 + (n * 3), 4 + (n * 3), "size");
        }

        Assert.Equal(2_000_000UL, _audit.Dropped);
        Ledger(oldest: 3_000_002, next: 3_000_002);
        Assert.Equal((1UL, 1_000_000UL), (_audit.Received, _audit.Missing));
    }

    [Fact]
    public void See_HugeNumbers_AddUpWithoutOverflow()
    {
        See(1, MessageIdentity.HighestSeq, 5);
        Gap(MessageIdentity.HighestSeq - 5, MessageIdentity.HighestSeq);
        Ledger(oldest: MessageIdentity.HighestSeq, next: MessageIdentity.HighestSeq);
        Assert.Equal((3UL, 5UL, MessageIdentity.HighestSeq - 8), (_audit.Received, _audit.Dropped, _audit.Missing));
    }

    [Fact]
    public void See_MoreStreamsThanAnybodyHas_AreNotFollowed()
    {
        for (var n = 0; n < IdentityAudit.MostStreams + 5; n++)
        {
            _audit.See(Message("t", "1", string.Create(CultureInfo.InvariantCulture, $"gw-{n};cloud.telemetry;{Epoch};1")));
        }

        Assert.Equal((5UL, IdentityAudit.MostStreams), (_audit.NotFollowed, _audit.Streams.Count()));
    }

    [Fact]
    public void See_OnlyOneGateway_LooksAtNoOther()
    {
        _audit = new IdentityAudit { Only = ["gw-2"] };
        See(1);
        Ledger(1, 2);
        Assert.Empty(_audit.Streams);
    }

    [Fact]
    public void See_TopicsConfiguredOtherwise_AreUnderstood()
    {
        _audit = new IdentityAudit(new ReportTopics(["plant/{id}/lost", "plant/{id}/books/{stream}"]));
        _audit.See(Message("plant/gw-1/lost", $$"""{"stream":"cloud.telemetry","epoch":"{{Epoch}}","from":1,"to":4,"reason":"age"}"""));
        _audit.See(Message("plant/gw-1/books/cloud.telemetry", $$"""{"epoch":"{{Epoch}}","oldest":5,"next":7}"""));
        Assert.Equal((4UL, 2UL), (_audit.Dropped, _audit.Open));
    }

    private static string Identity(ulong seq) => string.Create(CultureInfo.InvariantCulture, $"gw-1;cloud.telemetry;{Epoch};{seq}");

    private static MqttMessage Message(string topic, string payload, string? identity = null, string? origin = null) => new()
    {
        Topic = topic,
        Payload = Encoding.UTF8.GetBytes(payload),
        Properties = new MessageProperties
        {
            UserProperties = [.. identity is null ? Array.Empty<UserProperty>() : [new("gw", identity)], .. origin is null ? Array.Empty<UserProperty>() : [new("gw-origin", origin)]],
        },
    };

    private void PayloadSee(params string[] payloads)
    {
        foreach (var payload in payloads)
        {
            _audit.See(Message("edge/d/telemetry/p", payload));
        }
    }

    private void Books(string epoch, ulong oldest, ulong next, params (string Epoch, ulong Oldest, ulong Next)[] previous) => _audit.See(Message(
        "edge/gateways/gw-1/streams/cloud.telemetry",
        $$"""{"epoch":"{{epoch}}","oldest":{{oldest}},"next":{{next}},"previous":[{{string.Join(',', previous.Select(p => $$"""{"epoch":"{{p.Epoch}}","oldest":{{p.Oldest}},"next":{{p.Next}}}"""))}}]}"""));

    private void See(params ulong[] numbers)
    {
        foreach (var n in numbers)
        {
            _audit.See(Message("edge/d/telemetry/p", "1", Identity(n)));
        }
    }

    private void Gap(ulong from, ulong to, string reason = "size") => _audit.See(Message(
        "edge/gateways/gw-1/gaps", $$"""{"stream":"cloud.telemetry","epoch":"{{Epoch}}","from":{{from}},"to":{{to}},"reason":"{{reason}}"}"""));

    private void Ledger(ulong oldest, ulong next, bool replayed = false) => _audit.See(
        Message("edge/gateways/gw-1/streams/cloud.telemetry", $$"""{"epoch":"{{Epoch}}","oldest":{{oldest}},"next":{{next}},"acked":0,"dropped":0}"""), replayed);
}
