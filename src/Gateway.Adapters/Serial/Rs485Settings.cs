using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Adapters.Serial;

/// <summary>Switching of an RS-485 line's direction by the kernel (<c>struct serial_rs485</c>, TIOCSRS485), for transceivers that do not switch by themselves.</summary>
/// <param name="RtsOnSend">Level of RTS while sending; receiving is the opposite unless <paramref name="RtsAfterSend"/> says the same.</param>
/// <param name="RtsAfterSend">Level of RTS afterwards.</param>
/// <param name="DelayBeforeSend">From RTS to the first bit; whole milliseconds.</param>
/// <param name="DelayAfterSend">From the last bit to RTS; whole milliseconds.</param>
/// <param name="Termination">Switches on the bus termination of boards that have one.</param>
public sealed record Rs485Settings(bool RtsOnSend = true, bool RtsAfterSend = false, TimeSpan DelayBeforeSend = default, TimeSpan DelayAfterSend = default, bool Termination = false)
{
    private const int Size = 32;
    private const uint Enabled = 1;
    private const uint OnSend = 2;
    private const uint AfterSend = 4;
    private const uint TerminateBus = 32;

    /// <returns>Why it cannot be; null: the kernel switches from now on.</returns>
    internal unsafe SerialFault? Apply(SafeFileHandle port)
    {
        Span<byte> settings = stackalloc byte[Size];
        Write(settings);
        fixed (byte* argument = settings)
        {
            if (Libc.Ioctl(port, TtyRequest.SetRs485, argument) != 0)
            {
                return SerialFaults.Rs485(Libc.Error);
            }

            // Drivers drop what they cannot, and say so here only.
            settings.Clear();
            return Libc.Ioctl(port, TtyRequest.GetRs485, argument) == 0 && (MemoryMarshal.Read<uint>(settings) & Enabled) == 0 ? SerialFaults.Rs485(Libc.NotATerminal) : null;
        }
    }

    /// <summary>As the kernel wants it (linux/serial.h): flags, two delays in milliseconds, room for later.</summary>
    internal void Write(Span<byte> settings)
    {
        settings[..Size].Clear();
        var flags = Enabled | (RtsOnSend ? OnSend : 0) | (RtsAfterSend ? AfterSend : 0) | (Termination ? TerminateBus : 0);
        MemoryMarshal.Write(settings, flags);
        MemoryMarshal.Write(settings[4..], (uint)DelayBeforeSend.TotalMilliseconds);
        MemoryMarshal.Write(settings[8..], (uint)DelayAfterSend.TotalMilliseconds);
    }
}
