using System.Text;

namespace Gateway.Simulators;

/// <summary>A LoRa modem without hardware: commands in, answers out, as the maker's manual prints them. Deaf until it is set up and armed, as the real one is.</summary>
public abstract class SimulatedModem
{
    private readonly List<byte> _received = [];
    private readonly List<SentPacket> _sent = [];
    private readonly Lock _lock = new();
    private int _silent;
    private int _busy;

    /// <summary>Where its bytes go, each answer or event in one piece.</summary>
    public Action<byte[]> Out { get; set; } = static _ => { };

    /// <summary>What it was told to send over the air.</summary>
    public IReadOnlyList<SentPacket> Sent
    {
        get
        {
            lock (_lock)
            {
                return [.. _sent];
            }
        }
    }

    /// <summary>What it was told, by the name of the setting; forgotten when it starts again.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Commands that came.</summary>
    public int Commands { get; private set; }

    /// <summary>Whether a packet from the air would be heard.</summary>
    public abstract bool IsListening { get; }

    /// <summary>Told with each packet it was made to send.</summary>
    public Action<SentPacket>? OnSent { get; set; }

    /// <summary>The next commands are not answered.</summary>
    public void BeSilent(int commands)
    {
        lock (_lock)
        {
            _silent = commands;
        }
    }

    /// <summary>The next commands are refused because it is busy.</summary>
    public void BeBusy(int commands)
    {
        lock (_lock)
        {
            _busy = commands;
        }
    }

    /// <summary>Bytes from the host.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _received.AddRange(bytes);
            while (_received.Count > 0 && Take([.. _received]) is > 0 and var taken)
            {
                // A command that restarts it has emptied all.
                _received.RemoveRange(0, Math.Min(taken, _received.Count));
            }
        }
    }

    /// <summary>Nothing more has come from the host for a while: a few bytes long, no longer.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            Paused();
        }
    }

    /// <summary>A packet comes over the air.</summary>
    /// <returns>Whether it was delivered to the host.</returns>
    public bool Hear(byte[] payload, int from = 1, int rssi = -60, int snr = 9)
    {
        lock (_lock)
        {
            if (!IsListening)
            {
                return false;
            }

            Out(Packet(payload, from, rssi, snr));
            Heard(rssi, snr);
            return true;
        }
    }

    /// <summary>It starts again: a brown-out, somebody's finger on the button.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _received.Clear();
            Settings.Clear();
            Begin();
            Out(Banner);
        }
    }

    /// <summary>Bytes of its own, for noise.</summary>
    public void Say(byte[] bytes)
    {
        lock (_lock)
        {
            Out(bytes);
        }
    }

    protected abstract byte[] Banner { get; }

    protected abstract string Busy { get; }

    /// <summary>Forgets in which state it was.</summary>
    protected abstract void Begin();

    /// <summary>Carries out a command, and answers it.</summary>
    protected abstract void Command(string line);

    /// <summary>As it tells the host of a packet.</summary>
    protected abstract byte[] Packet(byte[] payload, int from, int rssi, int snr);

    /// <summary>What changes with a packet.</summary>
    protected virtual void Heard(int rssi, int snr)
    {
    }

    /// <summary>For what a pause ends.</summary>
    protected virtual void Paused()
    {
    }

    /// <summary>Takes the first command.</summary>
    /// <returns>Its bytes; 0: it is not whole.</returns>
    protected virtual int Take(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            return 0;
        }

        var line = Encoding.ASCII.GetString(bytes[..end]).Trim('\r', ' ');
        if (line.Length > 0)
        {
            Obey(() => Command(line));
        }

        return end + 1;
    }

    protected void Obey(Action command)
    {
        Commands++;
        if (_silent > 0)
        {
            _silent--;
        }
        else if (_busy > 0)
        {
            _busy--;
            Answer(Busy);
        }
        else
        {
            command();
        }
    }

    protected void Answer(string line) => Out(Encoding.ASCII.GetBytes(line + "\r\n"));

    protected void Send(byte[] payload, int to = 0)
    {
        _sent.Add(new(payload, to));
        OnSent?.Invoke(new(payload, to));
    }
}

/// <param name="Payload">What went over the air.</param>
/// <param name="To">The address it was meant for, where the protocol has one.</param>
public sealed record SentPacket(byte[] Payload, int To);
