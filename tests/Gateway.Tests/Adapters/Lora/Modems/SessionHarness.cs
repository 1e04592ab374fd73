using Gateway.Adapters.Lora;
using Gateway.Simulators;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>A session and a simulated modem, joined by a line that cuts bytes as it likes, in virtual time.</summary>
internal sealed class SessionHarness : IModemEvents
{
    /// <summary>Three bytes at 9600 baud.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(3);

    private readonly Queue<byte[]> _toModem = new();
    private readonly Queue<byte[]> _toSession = new();
    private readonly Func<int>? _chunk;
    private long _saidAt;

    /// <param name="name">Of a <see cref="ModemCase"/>.</param>
    /// <param name="chunk">Length of the next piece that the session gets; null: as the modem says it.</param>
    public SessionHarness(string name, Func<int>? chunk = null)
    {
        (Case, _chunk) = (ModemCase.Of(name), chunk);
        Modem = Case.Modem();
        Modem.Out = bytes => _toSession.Enqueue(bytes);
        Session = new(Case.Link().CreateDialect(), this, Time);
    }

    public ModemCase Case { get; }

    public FakeTime Time { get; } = new();

    public SimulatedModem Modem { get; }

    public ModemSession Session { get; }

    public List<HeardPacket> Packets { get; } = [];

    public List<string> Log { get; } = [];

    /// <summary>What the session said, each command as text.</summary>
    public List<string> Said { get; } = [];

    public int NoiseBytes { get; private set; }

    public IEnumerable<string> Payloads => Packets.Select(static p => Convert.ToHexString(p.Payload.Span));

    /// <summary>Answers are held back until <see cref="LetGo"/>.</summary>
    public bool IsHeld { get; set; }

    /// <summary>All that the modem has said by then comes in one piece.</summary>
    public bool IsMerged { get; init; }

    /// <summary>Called when the modem has carried out a command, before its answer is seen.</summary>
    public Action? AfterCommand { get; set; }

    public void Start()
    {
        Session.Start();
        Run();
    }

    /// <summary>Started, and listening.</summary>
    public static SessionHarness Ready(string name, Func<int>? chunk = null)
    {
        var harness = new SessionHarness(name, chunk);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(3));
        Assert.Equal("ready", harness.Log[^1]);
        harness.Log.Clear();
        return harness;
    }

    /// <summary>What was held back comes in one piece.</summary>
    public void LetGo()
    {
        IsHeld = false;
        Merge();
        Run(Case.NeedsPauses ? ModemSession.IdleGap : default);
    }

    /// <summary>The first piece of what was held back comes.</summary>
    public void LetOneGo() => Session.Receive(_toSession.Dequeue());

    /// <summary>What was held back is lost.</summary>
    public void LoseHeld()
    {
        IsHeld = false;
        _toSession.Clear();
    }

    /// <summary>A packet from the air, and the pause behind it that some makes need.</summary>
    public bool Hear(byte[] payload, int from = 1, int rssi = -60, int snr = 9)
    {
        var isHeard = Modem.Hear(payload, from, rssi, snr);
        if (Case.NeedsPauses)
        {
            Run(ModemSession.IdleGap);
        }

        return isHeard;
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
                _saidAt = Time.GetTimestamp();
                AfterCommand?.Invoke();
            }
            else if (IsMerged && !IsHeld && _toSession.Count > 1)
            {
                Merge();
            }
            else if (!IsHeld && _toSession.TryDequeue(out var bytes))
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
                var next = Math.Min(end, Session.NextDue);
                if (next - _saidAt > s_pause.Ticks)
                {
                    Modem.Pause();
                }

                Time.Advance(TimeSpan.FromTicks(next - Time.GetTimestamp()));
            }
            else
            {
                return;
            }
        }
    }

    private void Merge()
    {
        byte[] all = [.. _toSession.SelectMany(static b => b)];
        _toSession.Clear();
        _toSession.Enqueue(all);
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

    void IModemEvents.Write(ReadOnlyMemory<byte> bytes)
    {
        Said.Add(System.Text.Encoding.Latin1.GetString(bytes.Span).TrimEnd());
        _toModem.Enqueue(bytes.ToArray());
    }

    void IModemEvents.Packet(in HeardPacket packet) => Packets.Add(packet);

    void IModemEvents.Ready() => Log.Add("ready");

    void IModemEvents.Failed(ModemFault fault) => Log.Add(fault.Reason);

    void IModemEvents.Restarted() => Log.Add("restarted");

    void IModemEvents.Noise(int bytes) => NoiseBytes += bytes;

    void IModemEvents.Unknown(string line) => Log.Add($"'{line}'");
}
