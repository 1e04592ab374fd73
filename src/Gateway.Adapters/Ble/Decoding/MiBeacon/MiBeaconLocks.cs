using System.Globalization;
using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Objects of MiBeacon that locks and doors send.</summary>
internal static class MiBeaconLocks
{
    private static readonly BleField s_antiLock = new("anti-lock");
    private static readonly BleField s_childLock = new("child-lock");
    private static readonly BleField s_doorEvent = new("door-event");
    private static readonly BleField s_fingerprint = new("fingerprint");
    private static readonly BleField s_keyId = new("key-id");
    private static readonly BleField s_lockError = new("lock-error");
    private static readonly BleField s_lockEvent = new("lock-event");
    private static readonly BleField s_lockMethod = new("lock-method");

    private static readonly string[] s_fingerprints =
        ["match-successful", "match-failed", "timeout", "low-quality", "insufficient-area", "skin-too-dry", "skin-too-wet"];

    private static readonly string[] s_doorEvents = ["opened", "closed", "left-open", "knock", "pried", "stuck"];

    private static readonly string?[] s_lockEvents =
    [
        "unlock-outside", "lock", "anti-lock-on", "anti-lock-off", "unlock-inside", "lock-inside", "child-lock-on", "child-lock-off",
        "lock-outside", null, null, null, null, null, null, "abnormal",
    ];

    private static readonly string?[] s_lockMethods =
    [
        "bluetooth", "password", "biometrics", "key", "turntable", "nfc", "one-time-password", "two-step-verification",
        "coercion", "homekit", "manual", "automatic", null, null, null, "abnormal",
    ];

    // 0xC0DE0000 and up; from 0xC0DE1000 faults of the lock itself.
    private static readonly string[] s_warnings =
    [
        "wrong-password-often", "wrong-fingerprint-often", "password-timeout", "picking", "reset-pressed", "wrong-key-often", "foreign-body-in-keyhole", "key-left-in",
        "wrong-nfc-often", "not-locked-in-time", "wrong-in-several-ways-often", "wrong-face-often", "wrong-vein-often", "hijacking", "unlocked-inside-while-armed", "wrong-palm-often", "moved",
    ];

    private static readonly string[] s_faults = ["battery-below-10", "battery-below-5", "fingerprint-sensor", "accessory-battery-low", "mechanical", "lock-sensor"];

    /// <param name="id">Object.</param>
    /// <param name="data">Not empty.</param>
    /// <param name="values">Receives the values.</param>
    /// <returns>false: not one of these, or not of the length that is known.</returns>
    public static bool Read(ushort id, ReadOnlySpan<byte> data, DecodedValues values)
    {
        switch (id, data.Length)
        {
            case (0x0006, 5) when data[4] < s_fingerprints.Length:
                s_fingerprint.Add(values, s_fingerprints[data[4]]);
                s_keyId.Add(values, KeyId(ReadUInt32LittleEndian(data), 0));
                return true;
            case (0x0007, _) when data[0] < s_doorEvents.Length:
                DoorOpen.Add(values, data[0] is 0 or 2 or 4);
                s_doorEvent.Add(values, s_doorEvents[data[0]]);
                return true;
            case (0x0008, _):
                Armed.Add(values, data[0] == 0);
                return true;
            case (0x000B, 9):
                ReadLock(data, values);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Action and method in four bits each, the key, and a time, which is the one of the lock.</summary>
    private static void ReadLock(ReadOnlySpan<byte> data, DecodedValues values)
    {
        var action = data[0] & 0x0F;
        var method = data[0] >> 4;
        if (s_lockEvents[action] is not { } word || s_lockMethods[method] is not { } way)
        {
            return;
        }

        switch (action)
        {
            case 2 or 3:
                s_antiLock.Add(values, action == 2);
                break;
            case 6 or 7:
                s_childLock.Add(values, action == 6);
                break;
            default:
                Unlocked.Add(values, action is 0 or 4 or 15);
                break;
        }

        s_lockEvent.Add(values, word);
        s_lockMethod.Add(values, way);
        var key = ReadUInt32LittleEndian(data[1..]);
        if (Error(key) is { } error)
        {
            s_lockError.Add(values, error);
        }
        else
        {
            s_keyId.Add(values, KeyId(key, method));
        }
    }

    private static string? Error(uint key) => key switch
    {
        >= 0xC0DE_1000 when key - 0xC0DE_1000 < s_faults.Length => s_faults[key - 0xC0DE_1000],
        >= 0xC0DE_0000 when key - 0xC0DE_0000 < s_warnings.Length => s_warnings[key - 0xC0DE_0000],
        _ => null,
    };

    /// <summary>Keys that are not Bluetooth ones are numbered with 16 bits; the others say of which kind they are.</summary>
    private static string KeyId(uint key, int method) => key switch
    {
        0x0000_0000 => "administrator",
        0xFFFF_FFFF => "unknown-operator",
        0xDEAD_BEEF => "invalid-operator",
        _ => (method == 0 ? key : key & 0xFFFF).ToString(CultureInfo.InvariantCulture),
    };
}
