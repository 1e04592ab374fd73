using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus.Access;

/// <summary>Tools on a line that polls: the clock moves when the test says so, and every exchange takes its time on the wire.</summary>
public sealed class AccessTests : IAsyncDisposable
{
    private static readonly TimeSpan s_exchange = TimeSpan.FromMilliseconds(20);

    private readonly FakeTime _time = new();
    private readonly SlowLink _link;
    private readonly RecordingSink _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ModbusAdapter _adapter;
    private Task _running = Task.CompletedTask;

    public AccessTests()
    {
        _link = new(_time, s_exchange);
        _link.Unit.SetRegister(RegisterSpace.Holding, 7, 0x1234);
        _adapter = new(_link, TestMap.Link(502), [TestMap.Device(TestMap.Link(502), "device", 1, TestMap.Holding(0, every: 50))], new("line"), _time, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _adapter.DisposeAsync();
        _stop.Dispose();
    }

    private void Start() => _running = _adapter.RunAsync(_sink, _stop.Token);

    private static FieldRequest Read(int address = 7, string unit = "1") => new(unit, new byte[] { 3, 0, (byte)address, 0, 1 });

    private static FieldRequest Write(int address, byte value) => new("1", new byte[] { 6, 0, (byte)address, 0, value });

    [Fact]
    public async Task Ask_WhileTheLinePolls_EveryPollIsInItsSlotAndEveryToolIsAnswered()
    {
        var start = _time.GetUtcNow();
        var asked = Enumerable.Range(0, AccessQueue.Capacity).Select(_ => _adapter.AskAsync(Read(), default).AsTask()).ToList();
        Start();
        _time.Advance(TimeSpan.FromSeconds(2));

        foreach (var reply in await Task.WhenAll(asked))
        {
            Assert.Equal((FieldOutcome.Answered, "03021234"), (reply.Outcome, Convert.ToHexString(reply.Bytes.Span)));
        }

        // The longest that a poll waits is one exchange of a tool, and then it takes its own.
        var late = _sink.Readings.Select((r, i) => r.At - start.AddMilliseconds(50 * i)).ToList();
        Assert.InRange(late.Count, 39, 41);
        Assert.All(late, l => Assert.InRange(l, s_exchange, 2 * s_exchange));
    }

    [Fact]
    public async Task Ask_LineIsNeverIdle_GetsItsTurnAllTheSame()
    {
        _link.Takes = TimeSpan.FromMilliseconds(60);
        var first = _adapter.AskAsync(Read(), default).AsTask();
        Start();
        _time.Advance(AccessQueue.Patience + TimeSpan.FromMilliseconds(200));
        Assert.Equal(FieldOutcome.Answered, (await first).Outcome);
    }

    [Fact]
    public async Task Ask_ThatWrites_GoesAheadOfPolls()
    {
        _link.Takes = TimeSpan.FromMilliseconds(60);
        var written = _adapter.AskAsync(Write(9, 5), default).AsTask();
        Start();
        _time.Advance(TimeSpan.FromMilliseconds(70));
        Assert.Equal(FieldOutcome.Answered, (await written).Outcome);
        Assert.Equal("0600090005", _link.Requests[0]);
        Assert.Equal(5, _link.Unit.Register(RegisterSpace.Holding, 9));
    }

    [Fact]
    public async Task Ask_NoAnswer_IsNotRepeatedAndSaidToBeUnknown()
    {
        _link.IsDead = true;
        var written = _adapter.AskAsync(Write(9, 5), default).AsTask();
        Start();
        _time.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal((FieldOutcome.Unanswered, "timeout"), ((await written).Outcome, (await written).Reason));
        Assert.Single(_link.Requests, "0600090005");
    }

    [Fact]
    public async Task Ask_LineCannotBeOpened_SaysWhyAndSendsNothing()
    {
        _link.Refusal = new("connection refused", "look");
        var asked = _adapter.AskAsync(Read(), default).AsTask();
        Start();
        Assert.Equal(FieldReply.NotSent("connection refused", "look"), await asked);
        Assert.Empty(_link.Requests);
    }

    [Fact]
    public async Task Ask_GivenUpBeforeItsTurn_IsNeverSent()
    {
        using var impatient = new CancellationTokenSource();
        var asked = _adapter.AskAsync(Write(9, 5), impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Start();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("0600090005", _link.Requests);
    }

    [Fact]
    public async Task Ask_TooManyOrAfterTheEnd_IsRefusedAtOnce()
    {
        var waiting = Enumerable.Range(0, AccessQueue.Capacity).Select(_ => _adapter.AskAsync(Read(), default).AsTask()).ToList();
        Assert.StartsWith("busy", (await _adapter.AskAsync(Read(), default)).Reason);
        await _adapter.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), r => Assert.Equal((FieldOutcome.NotSent, "the link has stopped"), (r.Outcome, r.Reason)));
        Assert.Equal("the link has stopped", (await _adapter.AskAsync(Read(), default)).Reason);
    }

    [Theory]
    [InlineData("256", "0300070001")]
    [InlineData("x", "0300070001")]
    [InlineData("1", "")]
    [InlineData("1", "03000700")]
    [InlineData("1", "2B0D0100")]
    [InlineData("1", "10000700010203")]
    public async Task Ask_WhatTheLineCannotCarry_IsRefused(string unit, string pdu)
    {
        var reply = await _adapter.AskAsync(new(unit, Convert.FromHexString(pdu)), default);
        Assert.Equal(FieldOutcome.NotSent, reply.Outcome);
        Assert.NotEmpty(reply.Remedy!);
    }

    [Fact]
    public void Change_OfEveryFunction_IsToldForTheLog()
    {
        Assert.Null(_adapter.Change(Read()));
        Assert.Equal("unit 1, holding 9: 0005", _adapter.Change(Write(9, 5)));
        Assert.Equal("unit 1, coil 3: FF00", _adapter.Change(new("1", Convert.FromHexString("050003FF00"))));
        Assert.Equal("unit 1, holding 7, 2 of them: 00010002", _adapter.Change(new("1", Convert.FromHexString("10000700020400010002"))));
    }

    /// <summary>A wire on which every exchange takes the same time.</summary>
    private sealed class SlowLink(FakeTime time, TimeSpan takes) : IModbusLink
    {
        public SimulatedUnit Unit { get; } = new();

        public List<string> Requests { get; } = [];

        public TimeSpan Takes { get; set; } = takes;

        public bool IsDead { get; set; }

        public LineFault? Refusal { get; set; }

        public bool IsOpen { get; private set; }

        public LineFault? Fault => null;

        public ValueTask<LineFault?> OpenAsync(CancellationToken cancellation)
        {
            IsOpen = Refusal is null;
            return ValueTask.FromResult(Refusal);
        }

        public async ValueTask<LinkReply> TransactAsync(byte unit, ReadOnlyMemory<byte> request, Memory<byte> response, CancellationToken cancellation)
        {
            Requests.Add(Convert.ToHexString(request.Span));
            await Task.Delay(Takes, time, cancellation);
            return IsDead ? new(TransactionStatus.Timeout) : new(TransactionStatus.Ok, Unit.Answer(request.Span, response.Span));
        }

        public bool IsAlive() => IsOpen;

        public ValueTask CloseAsync()
        {
            IsOpen = false;
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
