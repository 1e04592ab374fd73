using Gateway.Adapters.Heard;
using Gateway.Adapters.Lora;
using Gateway.Tests.Configuration;
using Gateway.Tests.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Who gets in: the right key, nothing old, and no counter is used twice, whatever happens in between.</summary>
public sealed class NodeGateTests : IDisposable
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    private readonly KeptBox _box = new();

    public void Dispose() => _box.Dispose();

    private NodeGate Gate(bool hasKey = true) => new(12, hasKey ? new(s_key) : null, hasKey ? CounterBook.Open(_box.Context).Of("node 12", s_key, TimeSpan.Zero) : null);

    private static NodeFrame Sealed(uint counter, byte[]? key = null)
    {
        using var cipher = new NodeCipher(key ?? s_key);
        return cipher.Encrypt(new(FrameKind.Data, 12, counter, 1, Convert.FromHexString("036700D7")));
    }

    [Fact]
    public void Frames_OfTheDocumentation_AreThese()
    {
        Assert.Equal("E79D0C00000C0000000100036700D7BA98", Convert.ToHexString(new NodeFrame(FrameKind.Data, 12, 1, 0, Convert.FromHexString("036700D7")).ToBytes()));
        Assert.Equal("E79D1410000C0000000701D5E17298F990C51FD814BE3AB859", Convert.ToHexString(Sealed(7).ToBytes()));
        var text = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "docs/lora-frame.md")).Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("E79D0C00000C0000000100036700D7BA98", text);
        Assert.Contains("E79D1410000C0000000701D5E17298F990C51FD814BE3AB859", text);
    }

    [Fact]
    public void Enter_OfItsKey_IsInTheClear()
    {
        using var gate = Gate();
        var outcome = gate.Enter(Sealed(7));
        Assert.Equal((CounterVerdict.New, null, "036700D7"), (outcome.Verdict, outcome.Reason, Convert.ToHexString(outcome.Frame.Payload.Span)));
    }

    [Fact]
    public void Enter_OfWhatIsNotItsOwn_IsRefusedAndSaysWhatToDo()
    {
        using var gate = Gate();
        Assert.Equal("wrong key, or changed on its way", gate.Enter(Sealed(7, new byte[16])).Reason);
        Assert.Equal("wrong key, or changed on its way", gate.Enter(Sealed(7) with { Counter = 8 }).Reason);
        Assert.Equal("wrong key, or changed on its way", gate.Enter(Sealed(7) with { Port = 2 }).Reason);
        Assert.Equal("sent in the clear, though a key is configured", gate.Enter(new(FrameKind.Data, 12, 9, 0, default)).Reason);
        Assert.Equal("a frame of a gateway", gate.Enter(new NodeFrame(FrameKind.Data, 12, 9, 0, default) { IsFromGateway = true }).Reason);
        using var plain = Gate(hasKey: false);
        Assert.Equal("add the key of the node", plain.Enter(Sealed(7)).Remedy);

        // None of it moved the counter: the true frame is still let in.
        Assert.Equal(CounterVerdict.New, gate.Enter(Sealed(7)).Verdict);
    }

    [Fact]
    public void Enter_RecordedFrames_AreRefused_AlsoAfterARestart()
    {
        using (var gate = Gate())
        {
            Assert.Equal(CounterVerdict.New, gate.Enter(Sealed(7)).Verdict);

            // Not before a second has passed since the last write; nothing is lost or counted until then.
            Assert.Equal(CounterVerdict.Held, gate.Enter(Sealed(10)).Verdict);
            _box.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(2L, gate.Enter(Sealed(10)).Missing);
            Assert.Equal(CounterVerdict.Repeated, gate.Enter(Sealed(10)).Verdict);
            var replayed = gate.Enter(Sealed(7));
            Assert.Equal(CounterVerdict.Replayed, replayed.Verdict);
            Assert.StartsWith("counter 7 after 10", replayed.Reason);
        }

        _box.CutPower(new(1));
        using var again = Gate();
        Assert.NotNull(again.Enter(Sealed(9)).Reason);
        Assert.Equal(CounterVerdict.Repeated, again.Enter(Sealed(10)).Verdict);
        Assert.Equal(CounterVerdict.New, again.Enter(Sealed(11)).Verdict);
    }

    [Fact]
    public void Enter_WithoutAKey_ALowerCounterIsARestart()
    {
        using var gate = Gate(hasKey: false);
        NodeFrame Plain(uint counter) => new(FrameKind.Data, 12, counter, 0, default);
        Assert.Null(gate.Enter(Plain(100)).Missing);
        Assert.Equal(0, gate.Enter(Plain(101)).Missing);
        Assert.Equal(3, gate.Enter(Plain(105)).Missing);
        Assert.Equal((CounterVerdict.Restarted, (long?)null), (gate.Enter(Plain(0)) is var o ? o.Verdict : default, o.Missing));
        Assert.Equal(1, gate.Enter(Plain(2)).Missing);
        Assert.Null(gate.Enter(Plain(100_000)).Missing);
        Assert.Equal(4, gate.Lost);
    }

    [Fact]
    public void Make_AfterPowerCutsAtAnyPoint_NeverUsesACounterTwice()
    {
        var used = new HashSet<uint>();
        for (var start = 0; start < 20; start++)
        {
            _box.CutPower(new(start));
            using var gate = Gate();
            for (var i = 0; i < start * 11; i++)
            {
                Assert.Null(gate.Make(FrameKind.Command, 1, new byte[] { 1 }, wantsAcknowledgement: true, out var frame));
                Assert.True(used.Add(frame.Counter), $"counter {frame.Counter} twice");
                Assert.True(frame is { IsEncrypted: true, IsFromGateway: true, WantsAcknowledgement: true });
            }
        }
    }

    [Fact]
    public void Make_WhenNothingCanBeWritten_SendsNothing()
    {
        using var gate = Gate();
        _box.Disk.Fault = static (_, _) => SimulatedDisk.NoSpace;
        Assert.Equal("No space left on device", gate.Make(FrameKind.Command, 1, new byte[] { 1 }, false, out _));
    }

    [Fact]
    public void Make_TooMuch_SaysHowMuchFits()
    {
        using var gate = Gate();
        Assert.Equal("177 bytes of payload, and at most 176 fit into a frame", gate.Make(FrameKind.Command, 1, new byte[177], false, out _));
        Assert.Null(gate.Make(FrameKind.Command, 1, new byte[176], false, out var frame));
        Assert.Equal(NodeFrame.LongestFrame, frame.ToBytes().Length);
    }
}
