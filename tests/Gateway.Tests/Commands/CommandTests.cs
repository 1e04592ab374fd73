using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Commands;

public sealed class CommandTests
{
    [Fact]
    public async Task Command_Writable_IsWrittenAndAnswered()
    {
        await using var harness = new CommandHarness();
        var interception = harness.Send("""{"id":"a","set":{"setpoint":21.5}}""");
        Assert.True(interception is { Handled: true, DropRetain: true, Result: { Status: AppendStatus.Accepted, Lsn: > 0 } });
        var answer = await harness.AnswerAsync();
        Assert.Equal("acme/berlin/boiler-7/response", answer.Topic);
        Assert.Equal(
            """{"id":"a","result":"ok","values":{"setpoint":21.5},"ts":1767225600000,"schema":"response.v1"}""",
            System.Text.Encoding.UTF8.GetString(answer.Payload.Span));
        Assert.Equal([("setpoint", PointValue.Of(21.5m))], harness.Adapter.Written);
    }

    [Fact]
    public async Task Command_BeforeItsAcceptanceIsDurable_IsNotWritten()
    {
        await using var harness = new CommandHarness();
        harness.Store.IsDelayed = true;
        harness.Send("30", "set/setpoint");
        Assert.False(harness.Adapter.Called.Task.IsCompleted);
        harness.Store.Commit();
        Assert.Contains("\"result\":\"ok\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_DiskFailsBeforeItIsDurable_IsRejectedAndNotWritten()
    {
        await using var harness = new CommandHarness();
        harness.Store.IsDelayed = true;
        harness.Send("30", "set/setpoint");
        harness.Store.Fail();
        Assert.Contains("\"reason\":\"storage\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(harness.Adapter.Written);
    }

    [Theory]
    [InlineData("""{"id":"a","set":{"setpoint":81}}""", "rejected", "out-of-range")]
    [InlineData("""{"id":"a","set":{"setpoint":19.99}}""", "rejected", "out-of-range")]
    [InlineData("""{"id":"a","set":{"pressure":1}}""", "rejected", "unknown-point")]
    [InlineData("""{"id":"a","set":{"temperature":30}}""", "rejected", "not-writable")]
    [InlineData("""{"id":"a","set":{"setpoint":30,"temperature":30}}""", "rejected", "not-writable")]
    [InlineData("""{"id":"a","set":""", "rejected", "malformed")]
    [InlineData("""{"id":"a","set":{"setpoint":30},"expires":1767225599999}""", "rejected", "expired")]
    public async Task Command_Wrong_IsAnsweredSoAndWritesNothing(string document, string result, string reason)
    {
        await using var harness = new CommandHarness();
        harness.Send(document);
        var answer = await harness.AnswerTextAsync();
        Assert.Contains($"\"result\":\"{result}\",\"reason\":\"{reason}\"", answer, StringComparison.Ordinal);
        Assert.Empty(harness.Adapter.Written);
    }

    [Fact]
    public async Task Command_Retained_IsRejectedAndNotKept()
    {
        await using var harness = new CommandHarness();
        Assert.True(harness.Send("30", "set/setpoint", retain: true) is { Handled: true, DropRetain: true });
        Assert.Contains("\"reason\":\"retained\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(harness.Adapter.Written);
    }

    [Fact]
    public async Task Command_AbsoluteEndOnAnUntrustedClock_IsRejected()
    {
        var past = new Support.FakeTime(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var harness = new CommandHarness(time: past);
        harness.Send("""{"id":"a","set":{"setpoint":30},"expires":1767225599999}""");
        Assert.Contains("\"reason\":\"clock\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_DeviceLeftTheConfigurationMeanwhile_IsAnsweredSo()
    {
        await using var harness = new CommandHarness { Configured = false };
        harness.Send("30", "set/setpoint");
        Assert.Contains("\"reason\":\"unknown-device\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(harness.Adapter.Written);
    }

    [Fact]
    public async Task Command_DevicesAreTakenAnew_WhatWaitsIsCarriedOut_AndNewOnesHaveTheirTurn()
    {
        await using var harness = new CommandHarness();
        harness.Adapter.Hang = new TaskCompletionSource();
        harness.Send("""{"id":"a","set":{"setpoint":30}}""");
        await harness.Adapter.Called.Task;
        harness.Send("""{"id":"b","set":{"setpoint":31}}""");
        harness.Leave();
        harness.Adapter.Hang.SetResult();
        Assert.Contains("\"id\":\"a\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("\"id\":\"b\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);

        harness.Send("""{"id":"c","set":{"setpoint":32}}""");
        Assert.Contains("\"reason\":\"busy\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
        harness.ComeBack();
        harness.Send("""{"id":"d","set":{"setpoint":33}}""");
        Assert.Contains("\"result\":\"ok\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_DeviceDoesNotAnswerInTime_IsExpired()
    {
        await using var harness = new CommandHarness();
        harness.Adapter.Hang = new TaskCompletionSource();
        harness.Send("30", "set/setpoint", properties: new MessageProperties { MessageExpiryInterval = 5 });
        await harness.Adapter.Called.Task;
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("\"reason\":\"expired\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(harness.Adapter.Written);
    }

    [Fact]
    public async Task Command_SameIdAgain_IsCarriedOutOnce()
    {
        var store = new StateMemory();
        await using (var first = new CommandHarness(store))
        {
            first.Send("""{"id":"a","set":{"setpoint":30}}""");
            await first.AnswerAsync();
            first.Send("""{"id":"a","set":{"setpoint":40}}""");
            Assert.Contains("\"reason\":\"repeated\"", await first.AnswerTextAsync(), StringComparison.Ordinal);
            Assert.Single(first.Adapter.Written);
        }

        await using var second = new CommandHarness(store);
        second.Send("""{"id":"a","set":{"setpoint":50}}""");
        Assert.Contains("\"reason\":\"repeated\"", await second.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(second.Adapter.Written);
    }

    [Fact]
    public async Task Command_RepeatedByTheTransport_IsCarriedOutOnceAndAnsweredOnce()
    {
        await using var harness = new CommandHarness();
        harness.Send("30", "set/setpoint", origin: new MessageOrigin("c", null, 7));
        await harness.AnswerAsync();
        harness.Send("30", "set/setpoint", origin: new MessageOrigin("c", null, 7, IsDup: true));
        harness.Send("31", "set/setpoint", origin: new MessageOrigin("c", null, 8));
        Assert.Contains("\"setpoint\":31", await harness.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(2, harness.Adapter.Written.Count);
    }

    [Fact]
    public async Task Command_AcceptedAndUnansweredAtTheRestart_IsInterruptedAndNeverCarriedOut()
    {
        var store = new StateMemory();
        await using (var first = new CommandHarness(store))
        {
            first.Adapter.Hang = new TaskCompletionSource();
            first.Send("""{"id":"a","set":{"setpoint":30}}""", properties: new MessageProperties { ResponseTopic = "reply", CorrelationData = new byte[] { 65 } });
            await first.Adapter.Called.Task;
        }

        await using var second = new CommandHarness(store);
        var answer = await second.AnswerAsync();
        Assert.Equal(("reply", (byte)65), (answer.Topic, answer.Properties.CorrelationData!.Value.Span[0]));
        Assert.Contains("\"result\":\"failed\",\"reason\":\"interrupted\"", System.Text.Encoding.UTF8.GetString(answer.Payload.Span), StringComparison.Ordinal);
        Assert.Empty(second.Adapter.Written);
    }

    [Fact]
    public async Task Command_CrashAtAnyPut_HasOneOutcome()
    {
        var store = new StateMemory();
        string answered;
        await using (var first = new CommandHarness(store))
        {
            first.Send("""{"id":"a","set":{"setpoint":30}}""");
            answered = await first.AnswerTextAsync();
        }

        Assert.Equal(3, store.Puts);
        await using (var accepted = new CommandHarness(store.AfterCrash(1)))
        {
            Assert.Contains("\"reason\":\"interrupted\"", await accepted.AnswerTextAsync(), StringComparison.Ordinal);
        }

        await using (var answering = new CommandHarness(store.AfterCrash(2)))
        {
            Assert.Equal(answered, await answering.AnswerTextAsync());
            Assert.Empty(answering.Adapter.Written);
        }

        await using var done = new CommandHarness(store.AfterCrash(3));
        done.Send("""{"id":"a","set":{"setpoint":30}}""");
        Assert.Contains("\"reason\":\"repeated\"", await done.AnswerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WithResponseTopic_IsAnsweredThereAndToTheBridgeItCameBy()
    {
        await using var harness = new CommandHarness();
        harness.Send(
            "30", "set/setpoint", origin: MessageOrigin.FromBridge("cloud"),
            properties: new MessageProperties { ResponseTopic = "apps/1/replies", CorrelationData = "req-1"u8.ToArray() });
        var answer = await harness.AnswerAsync();
        Assert.Equal(("apps/1/replies", "cloud"), (answer.Topic, answer.AnswerTo));
        Assert.Contains("\"id\":\"req-1\"", System.Text.Encoding.UTF8.GetString(answer.Payload.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme/berlin/boiler-7/cmd")]
    [InlineData("acme/berlin/boiler-7/set/setpoint")]
    [InlineData("$SYS/x")]
    [InlineData("a/#")]
    [InlineData("forbidden/to-the-sender")]
    public async Task Command_WithAnImpossibleResponseTopic_IsAnsweredOnTheOrdinaryOne(string topic)
    {
        await using var harness = new CommandHarness();
        harness.Send("30", "set/setpoint", properties: new MessageProperties { ResponseTopic = topic });
        Assert.Equal("acme/berlin/boiler-7/response", (await harness.AnswerAsync()).Topic);
    }

    [Fact]
    public async Task Command_StoreFails_TellsThePublisher()
    {
        await using var harness = new CommandHarness();
        harness.Store.Next = AppendStatus.Failed;
        Assert.Equal(AppendStatus.Failed, harness.Send("30", "set/setpoint").Result.Status);
        Assert.Contains("\"reason\":\"storage\"", await harness.AnswerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_AfterADay_ForgetsTheId()
    {
        await using var harness = new CommandHarness();
        harness.Send("""{"id":"a","set":{"setpoint":30}}""");
        await harness.AnswerAsync();
        harness.Time.Advance(TimeSpan.FromHours(24));
        harness.Send("""{"id":"b","set":{"setpoint":30}}""");
        await harness.AnswerAsync();
        Assert.Equal(["command/b"], harness.Store.Keys);
    }
}
