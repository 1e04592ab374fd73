using System.Text;
using System.Text.Unicode;
using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Strings of GATT: UTF-8; many devices put zeros behind them.</summary>
internal static class GattText
{
    public static void Read(BleField field, ReadOnlySpan<byte> value, DecodedValues values)
    {
        var text = value.TrimEnd((byte)0);
        if (Utf8.IsValid(text))
        {
            field.Add(values, Encoding.UTF8.GetString(text));
        }
        else
        {
            field.AddBad(values, "not UTF-8");
        }
    }
}
