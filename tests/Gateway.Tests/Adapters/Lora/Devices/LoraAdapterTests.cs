using Gateway.Adapters.Heard;
using Gateway.Adapters.Lora;
using Gateway.Core;
using Gateway.Simulators;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>The whole of a link, on a pseudo-terminal: from the modem's bytes to readings, and from writes to packets.</summary>
public sealed class LoraAdapterTests : IAsyncDisposable
{
    private static readonly byte[] s_warm = Convert.FromHexString("036700D7");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-gateway-lora-");
    private readonly RecordingSink _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly AdapterContext _context = new(TimeProvider.System, NullLoggerFactory.Instance);
    private ModemPort? _port;
    private LoraAdapter? _adapter;
    private LoraOptions? _link;
    private Task _running = Task.CompletedTask;

    private string Plug => Path.Combine(_folder.FullName, "modem");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_adapter is not null)
        {
            await _adapter.DisposeAsync();
        }

        if (_port is not null)
        {
            await _port.DisposeAsync();
        }

        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("rylr998", "")]
    [InlineData("rn2483", "node-bytes: 1")]
    [InlineData("lora-e5", "node-bytes: 1")]
    [InlineData("rak3172", "node-bytes: 1")]
    [InlineData("ebyte", "frames: own\nrssi-byte: complement")]
    public async Task Packet_OfEveryMake_BecomesReadings_HoweverItIsCut(string make, string keys)
    {
        var modem = Modem(make);
        Start(modem, $"modem: {make}\n{keys}", "node: 12");
        _port!.Chunk = 3;
        await ReadyAsync();
        Assert.True(modem.Hear(Wrapped(keys, 12, 1, s_warm), from: 12, rssi: -70, snr: 5));
        Assert.Equal("21.5", (await _sink.GoodAsync("temperature-3")).Value.ToString());
        Assert.Equal("-70", (await _sink.GoodAsync("rssi")).Value.ToString());
        Assert.True(_sink.States[^1].State.Online);
    }

    [Fact]
    public async Task Modem_UnpluggedAndBack_IsSetUpAgain_AndItsPacketsArrive()
    {
        Start(Modem("rylr998"), "", "node: 12");
        await ReadyAsync();
        for (var round = 0; round < 3; round++)
        {
            await _port!.DisposeAsync();
            await _sink.UntilAsync(() => _sink.States is [.., (_, { Online: false, Reason: "no such port" or "adapter unplugged" })]);
            var modem = Modem("rylr998");
            _port = new(modem, Plug);
            await ReadyAsync();
            var mark = _sink.Mark;
            Assert.True(modem.Hear(s_warm, from: 12));
            await _sink.GoodAsync("temperature-3", mark);
        }
    }

    [Fact]
    public async Task Modem_OfAnotherMake_IsToldByWhatItSays()
    {
        Start(Modem("rylr998"), "modem: rak3172\nnode-bytes: 1", "node: 12");
        await _sink.UntilAsync(() => _sink.States is [.., (_, { Online: false, Reason: { } reason })] && reason.Contains("what is there says \"+OK\"", StringComparison.Ordinal));
    }

    /// <summary>Each state of a device is a message: that the payloads differ makes no other state.</summary>
    [Fact]
    public async Task Payload_ThatIsNotUnderstood_IsShown_AndToldOnce()
    {
        var modem = Modem("rylr998");
        Start(modem, "", "node: 12\ndecoder: { fields: [{ id: level, type: uint32, at: 9 }] }");
        await ReadyAsync();
        Assert.True(modem.Hear([1, 2, 3], from: 12));
        Assert.True(modem.Hear([1, 2, 4], from: 12));
        Assert.True(modem.Hear([.. new byte[12], 7], from: 12));
        await _sink.GoodAsync("level");
        var refused = Assert.Single(_sink.States, static s => !s.State.Online).State;
        Assert.Equal("compare decoder with the node's manual; it sent 010203", refused.Remedy);
    }

    [Fact]
    public async Task Modem_ThatStartsAgain_IsSetUpAgain()
    {
        var modem = Modem("rak3172");
        Start(modem, "modem: rak3172", "");
        await ReadyAsync();
        modem.Restart();
        await UntilAsync(() => modem.IsListening);
        Assert.True(modem.Hear(s_warm));
        await _sink.GoodAsync("temperature-3");
    }

    [Fact]
    public async Task Frames_WithAKey_RecordedOrForged_AreRefused_LostOnesAreCounted()
    {
        var key = Enumerable.Range(0, 16).Select(i => (byte)i).ToArray();
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "key"), Convert.ToHexString(key));
        var modem = Modem("ebyte");
        Start(
            modem, "modem: ebyte\nframes: own",
            $"node: 12\nkey: {{ file: {Path.Combine(_folder.FullName, "key")} }}");
        await ReadyAsync();
        using var cipher = new NodeCipher(key);
        byte[] Frame(uint counter, byte temperature) => cipher.Encrypt(new(FrameKind.Data, 12, counter, 0, new byte[] { 3, 0x67, 0, temperature })).ToBytes();
        modem.Hear(Frame(7, 100));
        Assert.Equal("10", (await _sink.GoodAsync("temperature-3")).Value.ToString());
        modem.Hear(Frame(7, 100));
        modem.Hear(Frame(5, 200));
        modem.Hear(new NodeFrame(FrameKind.Data, 12, 9, 0, new byte[] { 3, 0x67, 0, 210 }).ToBytes());
        modem.Hear(Frame(10, 110));
        await _sink.ReadingAsync("temperature-3", r => r.Value.ToString() == "11");
        Assert.Equal("2", (await _sink.ReadingAsync("lost-packets", r => r.Value.ToString() != "0")).Value.ToString());
        Assert.DoesNotContain(_sink.Readings, r => r.Point.Id == "temperature-3" && r.Value.ToString() is "20" or "21");
        await StopAsync();
        Assert.Equal(10u, CounterBook.Open(_context).Of("lora node 12", key, TimeSpan.Zero).Highest);

        // A link that is stopped and started anew, as a trial of another configuration does, knows what was heard.
        await _adapter!.DisposeAsync();
        await using var again = new LoraAdapter(_link!, [_adapterDevice!], new("field"), _context);
        using var stop = new CancellationTokenSource();
        var running = again.RunAsync(_sink, stop.Token);
        await UntilAsync(() => again.Status.Connected);
        modem.Hear(Frame(9, 200));
        modem.Hear(Frame(11, 120));
        await _sink.ReadingAsync("temperature-3", r => r.Value.ToString() == "12");
        Assert.DoesNotContain(_sink.Readings, r => r.Point.Id == "temperature-3" && r.Value.ToString() is "20");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Write_ToANode_GoesToItsAddress()
    {
        var modem = Modem("rylr998");
        Start(modem, "", "node: 14\npoints: [{ id: position, command: { prefix: A1, type: uint8 }, write: {} }]");
        await ReadyAsync();
        var result = await _adapter!.WriteAsync(_adapterDevice!.Points[0], PointValue.Of(42m), default);
        Assert.True(result.Ok, result.Reason);
        var sent = Assert.Single(modem.Sent);
        Assert.Equal((14, "A12A"), (sent.To, Convert.ToHexString(sent.Payload)));
    }

    [Fact]
    public async Task Write_WithFrames_WaitsForTheAcknowledgement()
    {
        var modem = Modem("lora-e5");
        Start(modem, "modem: lora-e5\nframes: own", "node: 14\npoints: [{ id: position, command: { type: uint8 }, write: {} }]");
        await ReadyAsync();
        modem.OnSent = sent => Task.Run(async () =>
        {
            await UntilAsync(() => modem.IsListening);
            Assert.Null(NodeFrame.Parse(sent.Payload, out var frame));
            modem.Hear(new NodeFrame(FrameKind.Acknowledgement, 14, 1, 0, new byte[] { (byte)(frame.Counter >> 24), (byte)(frame.Counter >> 16), (byte)(frame.Counter >> 8), (byte)frame.Counter }).ToBytes());
        });
        var result = await _adapter!.WriteAsync(_adapterDevice!.Points[0], PointValue.Of(42m), default);
        Assert.True(result.Ok, result.Reason);
        Assert.Single(modem.Sent);
    }

    [Fact]
    public async Task Write_ToASleepingNode_IsGivenUpWhenItsTimeIsOver()
    {
        var modem = Modem("rylr998");
        Start(modem, "", "node: 14\nanswer-within: 2s\npoints: [{ id: position, command: { type: uint8 }, write: {} }]");
        await ReadyAsync();
        using var lifetime = new CancellationTokenSource();
        var writing = _adapter!.WriteAsync(_adapterDevice!.Points[0], PointValue.Of(42m), lifetime.Token);
        await lifetime.CancelAsync();
        Assert.Equal("the node was not reached in time", (await writing).Reason);
        Assert.Empty(modem.Sent);
    }

    [Fact]
    public async Task Strangers_AreListed_OrBecomeDevices()
    {
        var modem = Modem("rylr998");
        Start(modem, "unknown: { allow: \"2?\", limit: 1 }", "node: 12");
        await ReadyAsync();
        modem.Hear(s_warm, from: 20);
        modem.Hear(s_warm, from: 21);
        modem.Hear(s_warm, from: 7);
        modem.Hear(s_warm, from: 12);
        await _sink.UntilAsync(() => _sink.States.Any(s => s.Device == "tank" && s.State.Online));
        Assert.Equal("lora-20", _sink.Founds[0]);
        Assert.Equal(["21", "7"], _adapter!.Strangers.Select(s => s.Address));
        Assert.EndsWith(", 2 unknown: 7 (-60 dBm), 21 (-60 dBm)", _adapter.Status.Text);
    }

    [Fact]
    public async Task Frames_OfOtherGateways_AndEncryptedOnesOfStrangers_MakeNoDevices()
    {
        var modem = Modem("ebyte");
        Start(modem, "modem: ebyte\nframes: own\nunknown: { allow: \"*\" }", "node: 12");
        await ReadyAsync();
        using var cipher = new NodeCipher(new byte[16]);
        modem.Hear(new NodeFrame(FrameKind.Command, 12, 5, 0, new byte[] { 1 }) { IsFromGateway = true }.ToBytes());
        modem.Hear(cipher.Encrypt(new(FrameKind.Data, 13, 1, 0, s_warm)).ToBytes());
        modem.Hear(new NodeFrame(FrameKind.Data, 14, 1, 0, s_warm).ToBytes());
        modem.Hear(new NodeFrame(FrameKind.Data, 12, 1, 0, s_warm).ToBytes());
        await _sink.UntilAsync(() => _sink.States.Any(s => s.Device == "tank"));
        Assert.All(_sink.States, s => Assert.True(s.State.Online));
        Assert.Equal("lora-14", _sink.Founds[0]);
        Assert.DoesNotContain("lora-13", _sink.Founds);
        Assert.Equal(("13", "encrypted"), (Assert.Single(_adapter!.Strangers).Address, _adapter.Strangers[0].Name));
    }

    private DeviceOptions? _adapterDevice;

    internal static SimulatedModem Modem(string make) => make switch
    {
        "rylr998" => new SimulatedReyax(),
        "rn2483" => new SimulatedMicrochip(),
        "lora-e5" => new SimulatedSeeed(),
        "rak3172" => new SimulatedRak(),
        _ => new SimulatedTransparent(RssiByte.Complement),
    };

    private static byte[] Wrapped(string keys, ushort node, uint counter, byte[] payload) =>
        keys.Contains("frames", StringComparison.Ordinal) ? new NodeFrame(FrameKind.Data, node, counter, 0, payload).ToBytes()
        : keys.Contains("node-bytes", StringComparison.Ordinal) ? [(byte)node, .. payload]
        : payload;

    private void Start(SimulatedModem modem, string link, string device)
    {
        _port = new(modem, Plug);
        _link = LoraMap.GoodLink($"serial-port: {Plug}\n{link}");
        _adapterDevice = LoraMap.Good(device, _link);
        _adapter = new(_link, [_adapterDevice], new("field"), _context);
        _running = _adapter.RunAsync(_sink, _stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private Task ReadyAsync() => UntilAsync(() => _adapter!.Status.Connected);

    /// <summary>Looks again and again: nothing tells of it.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
