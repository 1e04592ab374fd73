using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;

namespace Gateway.Simulators;

/// <summary>Makes BTHome v2 service data (bthome.io/format): what a device's points want, or temperature, humidity and battery.</summary>
internal sealed class BtHomeTag : ITagFormat
{
    /// <summary>20: what is left of 31 bytes beside flags, UUID, counter and tag.</summary>
    private const int MostBytes = 20;

    private const ushort Service = 0xFCD2;
    private const byte Plain = 0x40;
    private const byte Encrypted = 0x41;
    private const byte PacketId = 0x00;
    private static readonly string[] s_usual = ["temperature", "humidity", "battery"];

    private readonly List<(byte Id, BtHomeObject Object, Swing Value)> _objects = [];
    private readonly byte[]? _key;

    /// <param name="fields">What it says; those that BTHome does not have are left out.</param>
    /// <param name="key">16 bytes; null: in the clear.</param>
    public BtHomeTag(IReadOnlyCollection<string> fields, byte[]? key)
    {
        _key = key;
        var wanted = fields.Count > 0 ? fields : s_usual;
        var (said, bytes) = (new HashSet<string>(StringComparer.Ordinal), 0);
        for (var id = 1; id <= byte.MaxValue; id++)
        {
            if (BtHomeObjects.Of((byte)id) is { Kind: BtHomeKind.Unsigned or BtHomeKind.Signed or BtHomeKind.Flag, Field: { } field } found
                && wanted.Contains(field.Name) && bytes + 1 + found.Length <= MostBytes && said.Add(field.Name))
            {
                bytes += 1 + found.Length;
                _objects.Add(((byte)id, found, RangeOf(field.Name, _objects.Count)));
            }
        }
    }

    private bool IsUseful => _objects.Count > 0;

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        if (IsUseful)
        {
            report.Service(Service, Make(sender, elapsed, counter));
        }
    }

    private byte[] Make(BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var payload = new List<byte> { PacketId, (byte)counter };
        Span<byte> raw = stackalloc byte[8];
        foreach (var (id, said, value) in _objects)
        {
            payload.Add(id);
            var number = said.Kind == BtHomeKind.Flag ? Math.Round(value.At(elapsed) / 100) : value.At(elapsed) / (double)said.Scale;
            var most = Math.Pow(2, (said.Length * 8) - (said.Kind == BtHomeKind.Signed ? 1 : 0)) - 1;
            BinaryPrimitives.WriteInt64LittleEndian(raw, (long)Math.Clamp(number, 0, most));
            payload.AddRange(raw[..said.Length]);
        }

        return _key is { } key ? Encrypt([.. payload], key, sender, counter) : [Plain, .. payload];
    }

    private static byte[] Encrypt(byte[] payload, ReadOnlySpan<byte> key, BleAddress sender, uint counter)
    {
        var nonce = new byte[13];
        sender.CopyTo(nonce);
        (nonce[6], nonce[7], nonce[8]) = (0xD2, 0xFC, Encrypted);
        BinaryPrimitives.WriteUInt32LittleEndian(nonce.AsSpan(9), counter);
        var (text, tag) = (new byte[payload.Length], new byte[4]);
        using var ccm = new AesCcm(key);
        ccm.Encrypt(nonce, payload, text, tag);
        return [Encrypted, .. text, .. nonce[9..], .. tag];
    }

    private static Swing RangeOf(string field, int index) => field switch
    {
        "temperature" => new(18, 24, index),
        "humidity" => new(40, 60, index),
        "battery" => new(80, 100, index),
        "pressure" => new(1000, 1020, index),
        _ => new(0, 100, index),
    };
}
