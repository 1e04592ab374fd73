using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;

namespace Gateway.Benchmarks.Ble;

/// <summary>How fast advertisements become values, on one core. A radio that listens all the time hears up to a thousand a second where there are many.</summary>
internal static class DecodeRun
{
    private const int Messages = 20_000;
    private const int Rounds = 5;

    private static readonly byte[] s_key = Convert.FromHexString("231d39c1d7cc1ab1aee224cd096db932");
    private static readonly BleAddress s_address = BleAddress.TryParse("54:48:E6:8F:80:A5", out var address) ? address : default;

    public static void Run()
    {
        Console.WriteLine($"{"",-34}{"a second",12}{"us",8}{"bytes",8}{"values",8}");
        Print("bthome", "bthome", null, static i => Service(0xFCD2, [0x40, 0x00, (byte)i, 0x02, 0xC4, 0x09, 0x03, 0xBF, 0x13]));
        Print("bthome, encrypted", "bthome", s_key, SealedBtHome);
        Print("bthome, encrypted, copies", "bthome", s_key, static _ => SealedBtHome(1));
        Print("bthome, encrypted, wrong key", "bthome", new byte[16], SealedBtHome);
        Print("ruuvi", "ruuvi", null, Ruuvi);
        Print("mibeacon", "mibeacon", null, static i => Service(0xFE95, [0x50, 0x20, 0xAA, 0x01, (byte)i, 0xA5, 0x80, 0x8F, 0xE6, 0x48, 0x54, 0x0D, 0x10, 0x04, 0x02, 0x01, 0x09, 0x02]));
        Print("atc", "atc", null, static i => Service(0x181A, [0xA5, 0x80, 0x8F, 0xE6, 0x48, 0x54, 0x29, 0x09, 0xCD, 0x10, 0x3D, 0x0D, 0x61, (byte)i, 0x0E]));
        Print("nobody's, all formats asked", null, null, static _ => new Advertisement(s_address, 0) { Manufacturer = [new(0x004C, new byte[] { 0x10, 0x05, 0x01, 0x18, 0x44, 0x12, 0x34 })] });
    }

    private static void Print(string what, string? format, byte[]? key, Func<uint, Advertisement> make)
    {
        var values = new DecodedValues();
        var (best, garbage, understood) = (TimeSpan.MaxValue, 0L, 0L);
        var heard = Enumerable.Range(1, Messages).Select(i => make((uint)i)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            // A new one each time: what is encrypted is believed once.
            var decoder = format is null ? null : BleFormats.Find(format)!.Create(key is null ? default(ReadOnlyMemory<byte>?) : key, TimeProvider.System);
            var (bytes, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            understood = 0;
            foreach (var advertisement in heard)
            {
                if (decoder is null)
                {
                    BleFormats.Recognise(advertisement);
                }
                else
                {
                    decoder.Decode(advertisement, values);
                    understood += values.Count;
                }
            }

            var took = Stopwatch.GetElapsedTime(start);
            garbage = GC.GetAllocatedBytesForCurrentThread() - bytes;
            best = took < best ? took : best;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34}{Messages / best.TotalSeconds,12:N0}{best.TotalMicroseconds / Messages,8:0.00}{(double)garbage / Messages,8:0}{(double)understood / Messages,8:0.0}"));
    }

    private static Advertisement Service(ushort service, byte[] data) => new(s_address, 0) { Services = [new(BleUuid.Of(service), data)] };

    private static Advertisement Ruuvi(uint number)
    {
        var data = Convert.FromHexString("0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F");
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(16), (ushort)number);
        return new(s_address, 0) { Manufacturer = [new(0x0499, data)] };
    }

    private static Advertisement SealedBtHome(uint counter)
    {
        var nonce = new byte[13];
        s_address.CopyTo(nonce);
        (nonce[6], nonce[7], nonce[8]) = (0xD2, 0xFC, 0x41);
        BinaryPrimitives.WriteUInt32LittleEndian(nonce.AsSpan(9), counter);
        var plain = Convert.FromHexString("02c40903bf13");
        var (cipher, tag) = (new byte[plain.Length], new byte[4]);
        using var ccm = new AesCcm(s_key);
        ccm.Encrypt(nonce, plain, cipher, tag);
        return Service(0xFCD2, [0x41, .. cipher, .. nonce[9..], .. tag]);
    }
}
