using Gateway.Adapters.Modbus;

namespace Gateway.Simulators;

/// <summary>ASCII requests.</summary>
internal sealed class AsciiRequests : ISerialRequests
{
    public byte[] Find(ReadOnlySpan<byte> bytes, out int taken)
    {
        Span<byte> content = stackalloc byte[1 + ModbusLimits.Pdu];
        return AsciiFrame.TryTake(bytes, content, out var length, out taken) ? content[..length].ToArray() : [];
    }

    public byte[] Frame(byte unit, ReadOnlySpan<byte> pdu)
    {
        var frame = new byte[(2 * pdu.Length) + AsciiFrame.Overhead];
        AsciiFrame.Write(frame, unit, pdu);
        return frame;
    }

    /// <summary>The second digit of the checksum: 0 and 1, 2 and 3, … change places.</summary>
    public void Damage(Span<byte> frame) => frame[^3] = frame[^3] switch { (byte)'9' => (byte)'8', (byte)'A' => (byte)'B', var digit => (byte)(digit ^ 1) };
}
