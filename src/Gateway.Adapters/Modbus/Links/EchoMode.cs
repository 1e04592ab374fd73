namespace Gateway.Adapters.Modbus;

/// <summary>Whether what is sent on a two-wire line comes back to the sender in front of the answer, because its receiver stays on while it sends.</summary>
public enum EchoMode : byte
{
    /// <summary>Found out from what comes back.</summary>
    Auto,

    /// <summary>It does: nothing is an answer unless the echo of its request stood before it.</summary>
    Always,

    /// <summary>It does not.</summary>
    Never,
}
