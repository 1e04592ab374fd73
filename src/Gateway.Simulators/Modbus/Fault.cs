using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>What a simulated device does wrong with one request.</summary>
public enum FaultKind : byte
{
    /// <summary>Answers after <see cref="Fault.Delay"/>.</summary>
    Late,

    /// <summary>Never answers.</summary>
    Silence,

    /// <summary>Answers with <see cref="Fault.Exception"/>.</summary>
    Exception,

    /// <summary>TCP: answers with another transaction identifier, then with the right one. serial: another unit speaks first.</summary>
    StrangerFirst,

    /// <summary>Answers under another transaction identifier only.</summary>
    WrongTransaction,

    /// <summary>Answers for another unit.</summary>
    WrongUnit,

    /// <summary>Answers another function.</summary>
    WrongFunction,

    /// <summary>Says another number of bytes than it sends.</summary>
    WrongByteCount,

    /// <summary>Sends the answer one byte at a time, <see cref="Fault.Delay"/> apart.</summary>
    Dribble,

    /// <summary>Sends half of the answer and no more.</summary>
    Half,

    /// <summary>Sends half of the answer and closes.</summary>
    HalfAndClose,

    /// <summary>Closes the connection.</summary>
    Close,

    /// <summary>Sends a header whose length field is <see cref="Fault.Length"/>.</summary>
    WrongLength,

    /// <summary>Sends a header whose protocol identifier is not 0.</summary>
    WrongProtocol,

    /// <summary>Serial: the answer with a wrong checksum.</summary>
    WrongChecksum,

    /// <summary>Answers twice.</summary>
    Repeated,

    /// <summary>UDP: somebody else answers first, with the right transaction identifier and other values.</summary>
    ForeignFirst,

    /// <summary>Serial: two bytes of noise, then the answer.</summary>
    LeadingNoise,
}

/// <param name="Kind">What goes wrong.</param>
/// <param name="Delay">With <see cref="FaultKind.Late"/> and <see cref="FaultKind.Dribble"/>.</param>
/// <param name="Exception">With <see cref="FaultKind.Exception"/>.</param>
/// <param name="Length">With <see cref="FaultKind.WrongLength"/>.</param>
public sealed record Fault(FaultKind Kind, TimeSpan Delay = default, ExceptionCode Exception = default, ushort Length = 0);
