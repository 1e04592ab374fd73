using Gateway.Adapters.Lora;
using Gateway.Core;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Commands to nodes, in virtual time: acknowledged, sent again, held for those that sleep and for the duty cycle.</summary>
public sealed class CommandDeskTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly FakeTransmitter _radio;
    private readonly NodeGate _gate = new(12, null, null);

    public CommandDeskTests() => _radio = new(_time);

    public void Dispose() => _gate.Dispose();

    [Fact]
    public void Command_Acknowledged_IsOk()
    {
        var (desk, command) = Begin(new LoraDevice { Node = 12 });
        Assert.Equal(FrameKind.Command, Sent(0).Kind);
        Assert.True(Sent(0) is { WantsAcknowledgement: true, IsFromGateway: true, Node: 12, Port: 5 });
        Assert.False(command.Result.Task.IsCompleted);
        desk.Acknowledged(Sent(0).Counter + 1);
        Assert.False(command.Result.Task.IsCompleted);
        desk.Acknowledged(Sent(0).Counter);
        Assert.True(Outcome(command).Ok);
    }

    [Fact]
    public void Command_NotAcknowledged_IsSentAgainAsTheSameFrame_ThreeTimes()
    {
        var (desk, command) = Begin(new LoraDevice { Node = 12 });
        for (var i = 0; i < 200 && !command.Result.Task.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            desk.Step();
        }

        Assert.Equal((false, "no acknowledgement: sent 3 times"), (Outcome(command).Ok, Outcome(command).Reason));
        Assert.Equal(3, _radio.Packets.Count);
        Assert.Single(_radio.Packets.Select(Convert.ToHexString).Distinct());
    }

    [Fact]
    public void Command_ToANodeThatDoesNotAcknowledge_IsDoneWhenSent()
    {
        var (_, command) = Begin(new LoraDevice { Node = 12, Acknowledges = false });
        Assert.False(Sent(0).WantsAcknowledgement);
        Assert.True(Outcome(command).Ok);
    }

    [Fact]
    public void Command_ToASleepingNode_WaitsUntilItHasSpoken()
    {
        var (desk, command) = Begin(new LoraDevice { Node = 12, AnswerWithin = TimeSpan.FromSeconds(2) });
        for (var i = 0; i < 600; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            desk.Step();
        }

        Assert.Empty(_radio.Packets);
        desk.Spoke();
        desk.Step();
        Assert.Single(_radio.Packets);

        // Not again before it has spoken again.
        _time.Advance(TimeSpan.FromMinutes(5));
        desk.Step();
        Assert.Single(_radio.Packets);
        desk.Spoke();
        desk.Step();
        Assert.Equal(2, _radio.Packets.Count);
        desk.Acknowledged(Sent(1).Counter);
        Assert.True(Outcome(command).Ok);
    }

    [Fact]
    public void Command_ToASleepingNode_TooLate_WaitsForTheNextTime()
    {
        var device = new LoraDevice { Node = 12, AnswerWithin = TimeSpan.FromSeconds(2) };
        var desk = Desk(device);
        _time.Advance(TimeSpan.FromSeconds(1));
        desk.Spoke();
        _time.Advance(TimeSpan.FromSeconds(3));
        desk.Enqueue(Command());
        desk.Step();
        Assert.Empty(_radio.Packets);
        desk.Spoke();
        _time.Advance(TimeSpan.FromSeconds(1));
        desk.Step();
        Assert.Single(_radio.Packets);
    }

    [Fact]
    public void Command_GivenUpByWhoAsked_IsNotSent()
    {
        var (desk, command) = Begin(new LoraDevice { Node = 12, AnswerWithin = TimeSpan.FromSeconds(2) });
        command.Result.SetResult(new(false, "expired", null));
        desk.Spoke();
        desk.Step();
        Assert.Empty(_radio.Packets);
    }

    [Fact]
    public void Commands_WithoutBudget_WaitForIt_OneAfterTheOther()
    {
        _radio.Budget = new(0.0001m, _time);
        var desk = Desk(new LoraDevice { Node = 12, Acknowledges = false });
        var commands = Enumerable.Range(0, 5).Select(_ => Command()).ToList();
        commands.ForEach(desk.Enqueue);
        desk.Step();
        Assert.Equal(3, _radio.Packets.Count);
        Assert.Equal(3, commands.Count(c => c.Result.Task.IsCompleted));
        Assert.Equal("the region's airtime is used up: it could be sent 3600 s later", commands[3].WaitsFor);
        _time.Advance(TimeSpan.FromHours(1));
        desk.Step();
        Assert.All(commands, c => Assert.True(Outcome(c).Ok));
    }

    [Fact]
    public void Command_ThatCanNeverBeSent_SaysWhy()
    {
        _radio.Never = "too long";
        var (_, command) = Begin(new LoraDevice { Node = 12 });
        Assert.Equal("too long", Outcome(command).Reason);
    }

    [Fact]
    public void Command_TheModemRefuses_IsTriedAgain_AndThenTold()
    {
        _radio.Problem = "busy";
        var (_, command) = Begin(new LoraDevice { Node = 12 });
        Assert.Equal("busy", Outcome(command).Reason);
        Assert.Equal(3, _radio.Packets.Count);
    }

    [Fact]
    public void Commands_TooMany_AreRefusedAtOnce()
    {
        _radio.IsReady = false;
        var desk = Desk(new LoraDevice { Node = 12 });
        var commands = Enumerable.Range(0, 17).Select(_ => Command()).ToList();
        commands.ForEach(desk.Enqueue);
        Assert.StartsWith("busy", Outcome(commands[16]).Reason);
        desk.Stop("the gateway is stopping");
        Assert.All(commands.Take(16), c => Assert.Equal("the gateway is stopping", Outcome(c).Reason));
    }

    private (CommandDesk Desk, LoraCommand Command) Begin(LoraDevice device)
    {
        var (desk, command) = (Desk(device), Command());
        desk.Enqueue(command);
        desk.Step();
        return (desk, command);
    }

    private CommandDesk Desk(LoraDevice device) => new(device, _gate, _radio, _time, NullLogger.Instance);

    private static LoraCommand Command()
    {
        var device = LoraMap.Good("node: 12\npoints: [{ id: p, command: { type: uint8, port: 5 }, write: {} }]", LoraMap.Link().Link);
        return new(device.Points[0], PointValue.Of(7m), 5, [7]);
    }

    private NodeFrame Sent(int index)
    {
        Assert.Null(NodeFrame.Parse(_radio.Packets[index], out var frame));
        return frame;
    }

    private static WriteResult Outcome(LoraCommand command)
    {
        Assert.True(command.Result.Task.IsCompleted, "it is not decided");
        return command.Result.Task.Result;
    }

    /// <summary>100 ms on the air for each packet.</summary>
    private sealed class FakeTransmitter(FakeTime time) : ILoraTransmitter
    {
        public List<byte[]> Packets { get; } = [];

        public DutyCycleBudget Budget { get; set; } = new(1, time);

        public string? Never { get; set; }

        public string? Problem { get; set; }

        public bool IsReady { get; set; } = true;

        public TimeSpan Airtime(int length) => TimeSpan.FromMilliseconds(100);

        public string? WhyNever(int length) => Never;

        public TimeSpan WaitFor(int length) => Budget.WaitFor(Airtime(length))!.Value;

        public ModemSend Send(ReadOnlyMemory<byte> packet, int to)
        {
            Budget.Sent(Airtime(packet.Length));
            Packets.Add(packet.ToArray());
            var send = new ModemSend(packet, to, Airtime(packet.Length));
            send.Complete(Problem);
            return send;
        }
    }
}
