using Gateway.Adapters.Payloads;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Objects of MiBeacon that say which button was pressed how. 0x1001 has a byte for the button, one for a number and one for the kind; the newer ones have an object for each kind.</summary>
internal static class MiBeaconButtons
{
    private const string Press = "press";
    private const string DoublePress = "double-press";
    private const string LongPress = "long-press";

    // Products with several buttons.
    private const ushort Remote = 0x0153;
    private const ushort FanRemote = 0x068E;
    private const ushort VentilatorRemote = 0x04E6;
    private const ushort BathRemote = 0x03BF;
    private const ushort Cube = 0x04E1;
    private const ushort DimmerKnob = 0x03B6;
    private const ushort OneButton = 0x1568;
    private const ushort TwoButtons = 0x1569;
    private const ushort ThreeButtons = 0x0DFD;
    private const ushort TwoButtonsXm = 0x1949;
    private const ushort OneButtonK9bb = 0x1C10;
    private const ushort FourButtons = 0x3A61;
    private const ushort FourButtonsBp = 0x3E17;

    private static readonly BleField s_cube = new("cube");
    private static readonly BleField s_left = new("button-left");
    private static readonly BleField s_middle = new("button-middle");
    private static readonly BleField s_right = new("button-right");
    private static readonly BleField s_dimmerPressed = new("dimmer-pressed", "steps");
    private static readonly BleField s_pressCount = new("press-count");
    private static readonly BleField s_pressTime = new("press-time", "s");
    private static readonly BleField[] s_four = Named("1", "2", "3", "4");
    private static readonly BleField[] s_remote = Named("on", "off", "brightness", "plus", "m", "minus");
    private static readonly BleField[] s_fan = Named("fan", "light", "wind-speed", "color-temperature", "wind-mode", "brightness");
    private static readonly BleField[] s_ventilator = Named("swing", "power", "timer-60-minutes", "increase-wind-speed", "timer-30-minutes", "decrease-wind-speed");
    private static readonly BleField[] s_bath = Named("stop", "air-exchange", "fan", "increase-speed", "decrease-speed", "dry", "light", "swing", "heat");

    /// <returns>Whether it was such an object.</returns>
    public static bool Read(ushort id, ReadOnlySpan<byte> data, ushort product, DecodedValues values)
    {
        switch (id)
        {
            case 0x1001 when data.Length == 3:
                ReadLegacy(data[0], data[1], data[2], product, values);
                return true;
            case 0x4A0C or 0x4A0D or 0x4A0E:
                Button.Add(values, Kind(id));
                return true;
            case 0x4A13 when data.Length > 0 && data[0] == 1:
                Button.Add(values, Press);
                return true;
            case 0x4E0C or 0x4E0D or 0x4E0E:
                ReadNew(id, data, product, values);
                return true;
            case 0x560C or 0x560D or 0x560E when data.Length > 0 && product is FourButtons or FourButtonsBp:
                if (data[0] is >= 1 and <= 4)
                {
                    s_four[data[0] - 1].Add(values, Kind(id));
                }

                return true;
            case 0x4810 or 0x5010 when data.Length > 0 && data[0] == 2:
            case 0x5A16 when data.Length > 0 && data[0] == 3:
                Button.Add(values, DoublePress);
                return true;
            default:
                return false;
        }
    }

    private static void ReadNew(ushort id, ReadOnlySpan<byte> data, ushort product, DecodedValues values)
    {
        switch (product)
        {
            case TwoButtonsXm when data.Length > 0:
                AddLeftAndRight((data[0] & 1) != 0, (data[0] & 2) != 0, Kind(id), values);
                break;
            case OneButtonK9bb when data.Length > 0:
                if (data[0] is 1 or 8 or 15)
                {
                    Button.Add(values, data[0] == 1 ? Press : data[0] == 8 ? LongPress : DoublePress);
                }

                break;
            default:
                Button.Add(values, Kind(id));
                break;
        }
    }

    private static void ReadLegacy(byte button, byte number, byte kind, ushort product, DecodedValues values)
    {
        switch (product)
        {
            case Remote or FanRemote or VentilatorRemote or BathRemote:
                var names = product == Remote ? s_remote : product == FanRemote ? s_fan : product == VentilatorRemote ? s_ventilator : s_bath;
                if (button < names.Length && kind <= 2)
                {
                    names[button].Add(values, kind == 0 ? Press : kind == 1 ? DoublePress : LongPress);
                }

                break;
            case Cube when button <= 1:
                s_cube.Add(values, button == 0 ? "rotate-right" : "rotate-left");
                break;
            case DimmerKnob:
                ReadDimmer(button, number, kind, values);
                break;
            case OneButton or TwoButtons or ThreeButtons when kind <= 2:
                // These write long presses as 1 and double ones as 2.
                ReadWallSwitch(button, kind == 0 ? Press : kind == 1 ? LongPress : DoublePress, product, values);
                break;
            default:
                if (kind is 0 or 1 or 2 or 5 or 6)
                {
                    Button.Add(values, kind is 0 or 5 ? Press : kind == 1 ? DoublePress : LongPress);
                }

                break;
        }
    }

    /// <summary>3: pressed so often (button 0) or so long (button 1); 4: turned, with the steps in the number, or, while pressed, in place of the button.</summary>
    private static void ReadDimmer(byte button, byte number, byte kind, DecodedValues values)
    {
        switch (kind, button)
        {
            case (3, 0):
                Button.Add(values, Press);
                s_pressCount.Add(values, number);
                break;
            case (3, 1):
                Button.Add(values, LongPress);
                s_pressTime.Add(values, number);
                break;
            case (4, 0):
                Dimmer.Add(values, (sbyte)number);
                break;
            case (4, _):
                s_dimmerPressed.Add(values, (sbyte)button);
                break;
        }
    }

    /// <summary>One message can be of several buttons, each combination with a number of its own.</summary>
    private static void ReadWallSwitch(byte buttons, string kind, ushort product, DecodedValues values)
    {
        switch (product)
        {
            case OneButton when buttons == 0:
                Button.Add(values, kind);
                break;
            case TwoButtons:
                AddLeftAndRight(buttons is 0 or 2, buttons is 1 or 2, kind, values);
                break;
            case ThreeButtons:
                AddLeftAndRight(buttons is 0 or 3 or 5 or 6, buttons is 2 or 4 or 5 or 6, kind, values);
                if (buttons is 1 or 3 or 4 or 6)
                {
                    s_middle.Add(values, kind);
                }

                break;
        }
    }

    private static void AddLeftAndRight(bool isLeft, bool isRight, string kind, DecodedValues values)
    {
        if (isLeft)
        {
            s_left.Add(values, kind);
        }

        if (isRight)
        {
            s_right.Add(values, kind);
        }
    }

    private static string Kind(ushort id) => (id & 0xFF) switch
    {
        0x0C => Press,
        0x0D => DoublePress,
        _ => LongPress,
    };

    private static BleField[] Named(params ReadOnlySpan<string> names)
    {
        var fields = new BleField[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            fields[i] = new($"button-{names[i]}");
        }

        return fields;
    }
}
