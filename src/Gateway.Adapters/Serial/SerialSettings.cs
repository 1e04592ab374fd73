namespace Gateway.Adapters.Serial;

/// <summary>How a serial line speaks.</summary>
/// <param name="Path">The device node, or better its link under <c>/dev/serial/by-id</c>, which stays when others are plugged in.</param>
/// <param name="Baud">Symbols per second; any number that the adapter can make.</param>
/// <param name="DataBits">7 or 8.</param>
/// <param name="Parity">None, even or odd.</param>
/// <param name="StopBits">1 or 2.</param>
/// <param name="Rs485">Switching of a half-duplex driver by the kernel; null: the adapter does it by itself, or the line is RS-232.</param>
public sealed record SerialSettings(string Path, int Baud, int DataBits = 8, Parity Parity = Parity.None, int StopBits = 1, Rs485Settings? Rs485 = null)
{
    /// <summary>Start bit, data, parity and stop bits of one character on the wire.</summary>
    public int BitsPerCharacter => 1 + DataBits + (Parity == Parity.None ? 0 : 1) + StopBits;

    /// <summary>For people: <c>19200 8E1</c>.</summary>
    public string Format => $"{Baud} {DataBits}{Parity.ToString()[0]}{StopBits}";

    /// <summary>How long so many characters take on the wire.</summary>
    public TimeSpan Characters(double count) => TimeSpan.FromSeconds(count * BitsPerCharacter / Baud);
}

/// <summary>How the kernel switches the driver of a half-duplex line (TIOCSRS485).</summary>
/// <param name="SendsWithRtsHigh">Level of RTS while sending.</param>
/// <param name="DelayBefore">From switching to the first bit; whole milliseconds.</param>
/// <param name="DelayAfter">From the last bit to switching back; whole milliseconds.</param>
public sealed record Rs485Settings(bool SendsWithRtsHigh, TimeSpan DelayBefore, TimeSpan DelayAfter);
