namespace Gateway.Adapters.Serial;

/// <summary>How a serial line speaks.</summary>
/// <param name="Path">The device node, or better its link under <c>/dev/serial/by-id</c>, which stays when others are plugged in.</param>
/// <param name="Baud">Symbols per second; any number that the adapter can make.</param>
/// <param name="DataBits">7 or 8.</param>
/// <param name="Parity">None, even or odd.</param>
/// <param name="StopBits">1 or 2.</param>
/// <param name="Rs485">Switching of the line's direction by the kernel; null: the adapter does it by itself, or the line is none.</param>
/// <param name="LowLatency">Whether the adapter is asked to hand bytes on at once; null: asked, and no word about it if it will not.</param>
public sealed record SerialSettings(
    string Path, int Baud, int DataBits = 8, Parity Parity = Parity.None, int StopBits = 1, Rs485Settings? Rs485 = null, bool? LowLatency = null)
{
    /// <summary>Start bit, data, parity and stop bits of one character on the wire.</summary>
    public int BitsPerCharacter => 1 + DataBits + (Parity == Parity.None ? 0 : 1) + StopBits;

    /// <summary>For people: <c>19200 8E1</c>.</summary>
    public string Format => $"{Baud} {DataBits}{Parity.ToString()[0]}{StopBits}";

    /// <summary>How long so many characters take on the wire.</summary>
    public TimeSpan Characters(double count) => TimeSpan.FromSeconds(count * BitsPerCharacter / Baud);
}
