namespace Gateway.Adapters.Modbus;

/// <summary>Sizes that the protocol fixes (V1.1b3 §4.1, §6).</summary>
public static class ModbusLimits
{
    /// <summary>Largest PDU: 256 bytes of RS-485 less unit and CRC.</summary>
    public const int Pdu = 253;

    public const int ReadRegisters = 125;

    public const int ReadBits = 2000;

    public const int WriteRegisters = 123;

    public const int WriteBits = 1968;

    /// <summary>Registers that one request may write while it reads others (§6.17).</summary>
    public const int ReadWriteRegisters = 121;
}
