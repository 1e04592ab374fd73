using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Adapters.Serial;

/// <summary>Requests to a terminal (asm-generic/ioctls.h: x86, ARM and RISC-V).</summary>
internal static class TtyRequest
{
    public const nuint Exclusive = 0x540C;
    public const nuint NotExclusive = 0x540D;
    public const nuint GetSettings = 0x802C542A;
    public const nuint SetSettings = 0x402C542B;
    public const nuint GetSerial = 0x541E;
    public const nuint SetSerial = 0x541F;
    public const nuint GetRs485 = 0x542E;
    public const nuint SetRs485 = 0x542F;
    public const nuint GetPtyNumber = 0x80045430;
    public const nuint SetPtyLock = 0x40045431;
}

/// <summary><c>struct termios2</c>: settings of a terminal with any speed (asm-generic/termbits.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Termios
{
    private const uint InputParityCheck = 0x10;
    private const uint SevenBits = 0x20;
    private const uint EightBits = 0x30;
    private const uint TwoStopBits = 0x40;
    private const uint Receiver = 0x80;
    private const uint ParityBit = 0x100;
    private const uint OddParity = 0x200;
    private const uint Local = 0x800;

    // BOTHER: the speed is the number beside it. For both directions.
    private const uint OtherSpeed = 0x1000;

    private uint _input;
    private uint _output;
    private uint _control;
    private uint _local;
    private byte _discipline;
    private fixed byte _characters[19];
    private uint _inputSpeed;
    private uint _outputSpeed;

    /// <summary>Raw bytes both ways; a character with wrong parity comes as 0, which no checksum survives.</summary>
    /// <returns>Why it cannot be; null: the port speaks like this now.</returns>
    public static SerialFault? Apply(SafeFileHandle port, SerialSettings settings)
    {
        var wanted = new Termios
        {
            _input = settings.Parity == Parity.None ? 0 : InputParityCheck,
            _control = (settings.DataBits == 7 ? SevenBits : EightBits) | (settings.StopBits == 2 ? TwoStopBits : 0)
                | (settings.Parity == Parity.None ? 0 : ParityBit) | (settings.Parity == Parity.Odd ? OddParity : 0) | Receiver | Local | OtherSpeed,
            _inputSpeed = (uint)settings.Baud,
            _outputSpeed = (uint)settings.Baud,
        };
        Termios made;
        if (Libc.Ioctl(port, TtyRequest.SetSettings, &wanted) != 0 || Libc.Ioctl(port, TtyRequest.GetSettings, &made) != 0)
        {
            return SerialFaults.Of(Libc.Error);
        }

        // A receiver samples ten bits in their midst: more than 3 % apart, the last one is missed.
        return Math.Abs((double)made._outputSpeed - settings.Baud) > settings.Baud * 0.03 ? SerialFaults.Baud(settings.Baud, made._outputSpeed)
            : null;
    }
}
