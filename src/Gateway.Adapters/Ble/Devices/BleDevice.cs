using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Heard;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Ble;

/// <summary>How a device is known, and how what it says is understood.</summary>
public sealed record BleDevice : HeardDevice
{
    /// <summary>Whichever format recognises what is heard.</summary>
    public const string AutoDecoder = "auto";

    /// <summary>Only whether it is there.</summary>
    public const string NoDecoder = "none";

    /// <summary>null: it is known otherwise.</summary>
    public BleAddress? Address { get; init; }

    /// <summary>Identity resolving key, 32 hexadecimal digits, of a device that changes its address; null: it is known otherwise.</summary>
    public Secret? Irk { get; init; }

    /// <summary>Pattern of its name, with <c>*</c> and <c>?</c>; the first that is heard is it. null: it is known otherwise.</summary>
    public string? Name { get; init; }

    public BleDecoding Decoding { get; init; } = BleDecoding.Auto;

    /// <summary>Name of a format, <see cref="AutoDecoder"/> or <see cref="NoDecoder"/>.</summary>
    public string Decoder => Decoding.Name;

    /// <summary>The key of an encrypted format, in hexadecimal digits; null: it sends in the clear.</summary>
    public Secret? Key { get; init; }

    /// <summary>How it is paired with before characteristics are read; null: it is not.</summary>
    public BlePairing? Pairing { get; init; }

    public override IEnumerable<DeviceSecret> Secrets
    {
        get
        {
            if (Irk is not null)
            {
                yield return new("the identity resolving key", Irk, static text => DeviceKey.WhyNot(text, [ResolvingKey.Length]));
            }

            if (Key is not null)
            {
                yield return new("the key", Key, text => DeviceKey.WhyNot(text, Decoding.Format?.KeyLengths ?? [.. BleFormats.All.SelectMany(static f => f.KeyLengths).Distinct()]));
            }

            if (Pairing?.Passkey is { } passkey)
            {
                yield return new("the passkey", passkey, static text => text.Trim() is { Length: 6 } digits && digits.All(char.IsAsciiDigit) ? null : "is not six digits");
            }
        }
    }

    public override string? Keys => Address is { } address ? $"address: \"{address}\"" : null;

    public override string ToString() => Address?.ToString() ?? (Name is not null ? $"named {Name}" : "by its IRK");
}

/// <summary>How what a device advertises is understood.</summary>
/// <param name="Name">Name of a format, <see cref="BleDevice.AutoDecoder"/> or <see cref="BleDevice.NoDecoder"/>.</param>
/// <param name="Described">The format that the configuration describes; null: the name says it all.</param>
public sealed record BleDecoding(string Name, DescribedFormat? Described = null)
{
    public static readonly BleDecoding Auto = new(BleDevice.AutoDecoder);

    /// <summary>null: whichever recognises what is heard, or none.</summary>
    public IBleFormat? Format => Described ?? BleFormats.Find(Name);
}

/// <param name="Passkey">Six digits; null: the device wants none.</param>
public sealed record BlePairing(Secret? Passkey);
