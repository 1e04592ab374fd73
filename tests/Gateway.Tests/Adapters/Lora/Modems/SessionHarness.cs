using Gateway.Adapters.Lora;
using Gateway.Simulators;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>A session and a simulated modem, joined by a line that cuts bytes as it likes, in virtual time.</summary>
internal sealed class SessionHarness : IModemEvents
{
    private readonly Queue<byte[]> _toModem = new();
    private readonly Queue<byte[]> _toSession = new();
    private readonly Func<int>? _chunk;

    public SessionHarness(string make, Func<int>? chunk = null, int? networkId = null)
    {
        var settings = new ModemSettings(new(868_500_000, 9, 125_000, 1, 12), 14) { Address = 3, NetworkId = networkId, SyncWord = make == "microchip" ? 0x12 : null };
        _chunk = chunk;
        (Modem, IModemDialect dialect) = make switch
        {
            "reyax" => ((SimulatedModem)new SimulatedReyax(), (IModemDialect)new Reyax(settings)),
            "microchip" => (new SimulatedMicrochip(), new Microchip(settings)),
            "seeed" => (new SimulatedSeeed(), new Seeed(settings)),
            "rak" => (new SimulatedRak(), new Rak(settings)),
            _ => (new SimulatedTransparent(), new Transparent(RssiByte.Complement, hasFrames: true, channel: null)),
        };
        Modem.Out = bytes => _toSession.Enqueue(bytes);
        Session = new(dialect, this, Time);
    }

    public static TheoryData<string> Makes => ["reyax", "microchip", "seeed", "rak", "transparent"];

    public FakeTime Time { get; } = new();

    public SimulatedModem Modem { get; }

    public ModemSession Session { get; }

    public List<HeardPacket> Packets { get; } = [];

    public List<string> Log { get; } = [];

    public int NoiseBytes { get; private set; }

    public void Start()
    {
        Session.Start();
        Run();
    }

    /// <summary>All that has to be said is said; time passes only if asked.</summary>
    public void Run(TimeSpan time = default)
    {
        var end = Time.GetTimestamp() + time.Ticks;
        for (var steps = 0; ; steps++)
        {
            Assert.True(steps < 100_000, "they talk without end");
            if (_toModem.TryDequeue(out var command))
            {
                Modem.Receive(command);
            }
            else if (_toSession.TryDequeue(out var bytes))
            {
                for (var at = 0; at < bytes.Length;)
                {
                    var length = Math.Min(bytes.Length - at, _chunk?.Invoke() ?? bytes.Length);
                    Session.Receive(bytes.AsSpan(at, length));
                    at += length;
                }
            }
            else if (Session.NextDue <= Time.GetTimestamp())
            {
                Session.Tick();
            }
            else if (Time.GetTimestamp() < end)
            {
                Time.Advance(TimeSpan.FromTicks(Math.Min(end, Session.NextDue) - Time.GetTimestamp()));
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Sends, and lets it be done.</summary>
    public string? Send(byte[] payload, int to = 0)
    {
        var send = new ModemSend(payload, to, TimeSpan.FromMilliseconds(200));
        Session.Send(send);
        Run(TimeSpan.FromSeconds(20));
        return Outcome(send);
    }

    /// <summary>Why it was not sent; null: it was. It must be decided.</summary>
    public static string? Outcome(ModemSend send)
    {
        Assert.True(send.Result.IsCompleted, "it was neither sent nor refused");
        return send.Result.Result;
    }

    void IModemEvents.Write(ReadOnlyMemory<byte> bytes) => _toModem.Enqueue(bytes.ToArray());

    void IModemEvents.Packet(in HeardPacket packet) => Packets.Add(packet);

    void IModemEvents.Ready() => Log.Add("ready");

    void IModemEvents.Failed(ModemFault fault) => Log.Add(fault.Reason);

    void IModemEvents.Restarted() => Log.Add("restarted");

    void IModemEvents.Noise(int bytes) => NoiseBytes += bytes;

    void IModemEvents.Unknown(string line) => Log.Add($"'{line}'");
}
