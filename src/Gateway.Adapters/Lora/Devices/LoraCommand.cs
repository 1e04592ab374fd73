using Gateway.Core;

namespace Gateway.Adapters.Lora;

/// <summary>A command on its way to a node.</summary>
/// <param name="point">What is written.</param>
/// <param name="value">The value.</param>
/// <param name="port">Port of the frame.</param>
/// <param name="payload">What the node gets.</param>
internal sealed class LoraCommand(PointOptions point, PointValue value, byte port, byte[] payload)
{
    private volatile string? _waitsFor;

    public PointOptions Point => point;

    public PointValue Value => value;

    public byte Port => port;

    public byte[] Payload => payload;

    /// <summary>Made once: what is sent again is the same frame.</summary>
    public NodeFrame? Frame { get; set; }

    /// <summary>How often it went out.</summary>
    public int Tries { get; set; }

    /// <summary>On its way through the modem; null: it is not.</summary>
    public ModemSend? Sending { get; set; }

    /// <summary>Timestamp until which its acknowledgement may come; null: it was not sent, or none is expected.</summary>
    public long? Deadline { get; set; }

    /// <summary>Timestamp up to which what the node had said before the last try does not count.</summary>
    public long NotBefore { get; set; }

    /// <summary>What it waits for, for people, if not for the node; null: for the node. Any thread.</summary>
    public string? WaitsFor
    {
        get => _waitsFor;
        set => _waitsFor = value;
    }

    public TaskCompletionSource<WriteResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
