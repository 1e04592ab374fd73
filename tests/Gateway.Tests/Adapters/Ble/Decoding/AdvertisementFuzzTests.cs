using System.Collections;
using System.Reflection;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>Anybody can send anything: nothing that is heard ends a decoder, makes it say what is no value, or makes it grow.</summary>
public sealed class AdvertisementFuzzTests(ITestOutputHelper output)
{
    private const int DefaultCount = 20_000;
    private const int LongestData = 80;

    // Products whose objects mean something of their own, and the first byte of the ids of objects.
    private static readonly ushort[] s_products = [0x055B, 0x0153, 0x068E, 0x04E6, 0x03BF, 0x04E1, 0x03B6, 0x1568, 0x1569, 0x0DFD, 0x1949, 0x1C10, 0x3A61, 0x07F6, 0x0A8D, 0x098B, 0x0A83];
    private static readonly byte[] s_kinds = [0x00, 0x10, 0x20, 0x30, 0x48, 0x4A, 0x4C, 0x4E, 0x50, 0x54, 0x56, 0x5A];

    [Fact]
    public void Anything_IsDecodedOrRefusedAndForgotten()
    {
        var count = ProofSetting.Of("EDGE_GATEWAY_TEST_ADVERTISEMENTS", DefaultCount);
        var seed = ProofSetting.Seed(output);
        var random = new Random(seed);
        var time = new FakeTime();
        var decoders = BleFormats.All.SelectMany(format => Decoders(format, time)).ToArray();
        var (values, outcomes) = (new DecodedValues(), new int[Enum.GetValues<DecodeStatus>().Length]);
        var size = 0;
        for (var i = 0; i < count; i++)
        {
            var advertisement = Next(random, time.GetTimestamp());
            try
            {
                BleFormats.Recognise(advertisement);
                foreach (var decoder in decoders)
                {
                    var outcome = decoder.Decode(advertisement, values);
                    outcomes[(int)outcome.Status]++;
                    Check(outcome, values);
                }
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, advertisement {i} ({Describe(advertisement)}): {exception}");
            }

            time.Advance(TimeSpan.FromMilliseconds(random.Next(2000)));
            if (i == count / 10)
            {
                size = Size(decoders);
            }
        }

        output.WriteLine(string.Join(", ", Enum.GetValues<DecodeStatus>().Select(status => $"{outcomes[(int)status]} {status}")));
        Assert.All(Enum.GetValues<DecodeStatus>().Except([DecodeStatus.Held]), status => Assert.True(outcomes[(int)status] > 0, $"none was {status}"));
        Assert.Equal(size, Size(decoders));
        ProofSummary.Add("random and mutated advertisements, every BLE decoder", $"{count}", $"{outcomes[(int)DecodeStatus.Decoded]} decoded", "0", "0", "", $"{seed}");
    }

    [Fact]
    public void WhatIsAroundTheBytes_ChangesNothing()
    {
        var random = new Random(ProofSetting.Seed(output));
        var (first, second) = (new DecodedValues(), new DecodedValues());
        foreach (var vector in AdvertisementVectors.All)
        {
            for (var cut = 0; cut < vector.Structures.Length; cut++)
            {
                foreach (var format in BleFormats.All.Where(f => f.Name == vector.Format))
                {
                    var advertisement = AdvertisementVectors.Parse(vector.Address, vector.Structures.AsSpan(0, vector.Structures.Length - cut));
                    var (a, b) = (Surrounded(advertisement, random), Surrounded(advertisement, random));
                    var outcome = format.Create(vector.Key, TimeProvider.System).Decode(a, first);
                    Assert.Equal(outcome, format.Create(vector.Key, TimeProvider.System).Decode(b, second));
                    Assert.Equal(AdvertisementVectors.Write(first), AdvertisementVectors.Write(second));
                }
            }
        }
    }

    private static IEnumerable<IBleDecoder> Decoders(IBleFormat format, TimeProvider time) =>
        [format.Create(null, time), .. format.KeyLengths.Select(length => format.Create(AdvertisementVectors.All.First(v => v.Format == format.Name && v.Key?.Length == length).Key, time))];

    private static Advertisement Next(Random random, long heardAt)
    {
        var vector = AdvertisementVectors.All[random.Next(AdvertisementVectors.All.Count)];
        var advertisement = random.Next(5) switch
        {
            0 => Random(random, vector),
            1 => Objects(random),
            _ => AdvertisementVectors.Parse(vector.Address, Mutated(vector.Structures, random)),
        };
        return advertisement with { HeardAt = heardAt };
    }

    /// <summary>Random bytes where formats look for theirs.</summary>
    private static Advertisement Random(Random random, AdvertisementVectors.Vector vector)
    {
        var like = vector.Advertisement();
        return like with
        {
            Manufacturer = [.. like.Manufacturer.Select(m => new ManufacturerData(m.Company, Bytes(random)))],
            Services = [.. like.Services.Select(s => new ServiceData(s.Service, Bytes(random)))],
        };
    }

    /// <summary>BTHome and MiBeacon with a head that is right, and in it objects of any kind, length and content.</summary>
    private static Advertisement Objects(Random random)
    {
        byte[] data = [0x40, .. Bytes(random)];
        if (random.Next(2) == 0)
        {
            var product = s_products[random.Next(s_products.Length)];
            var payload = new List<byte> { 0x40, 0x50, (byte)product, (byte)(product >> 8), (byte)random.Next(256) };
            for (var objects = random.Next(4); objects >= 0; objects--)
            {
                var value = new byte[random.Next(11)];
                random.NextBytes(value);
                value.AsSpan(0, random.Next(value.Length + 1)).Fill((byte)random.Next(9));
                payload.AddRange([(byte)random.Next(0x20), s_kinds[random.Next(s_kinds.Length)], (byte)value.Length, .. value]);
            }

            data = [.. payload];
        }

        return new(new(0xA4C1388D18B2), 0) { Services = [new(BleUuid.Of(data[0] == 0x40 && data.Length > 1 && data[1] == 0x50 ? (ushort)0xFE95 : (ushort)0xFCD2), data)] };
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(LongestData)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Mutated(byte[] structures, Random random)
    {
        var bytes = (byte[])structures.Clone();
        for (var times = random.Next(4); times > 0; times--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = random.Next(2) == 0 ? (byte)0 : byte.MaxValue;
                    break;
                default:
                    Array.Resize(ref bytes, Math.Max(1, at));
                    break;
            }
        }

        return bytes;
    }

    private static void Check(in DecodeOutcome outcome, DecodedValues values)
    {
        Assert.True(outcome.Status == DecodeStatus.Decoded || values.Count == 0, "values without being decoded");
        Assert.True(outcome.Status != DecodeStatus.Refused || outcome.Reason is { Length: > 0 }, "refused without a reason");
        for (var i = 0; i < values.Count; i++)
        {
            var value = values[i];
            Assert.True(IdKind.IsValid(value.Field), value.Field);
            Assert.True(value.Error is null ? value.Value.Kind != PointValueKind.None && value.Value.IsFinite : value.Value.Kind == PointValueKind.None, $"{value}");
            for (var j = 0; j < i; j++)
            {
                Assert.False(values[j].Field == value.Field, $"{value.Field} twice");
            }
        }
    }

    private static Advertisement Surrounded(Advertisement advertisement, Random random)
    {
        ReadOnlyMemory<byte> Within(ReadOnlyMemory<byte> data)
        {
            var bytes = new byte[data.Length + 64];
            random.NextBytes(bytes);
            data.CopyTo(bytes.AsMemory(32));
            return bytes.AsMemory(32, data.Length);
        }

        return advertisement with
        {
            Manufacturer = [.. advertisement.Manufacturer.Select(m => m with { Data = Within(m.Data) })],
            Services = [.. advertisement.Services.Select(s => s with { Data = Within(s.Data) })],
        };
    }

    private static string Describe(Advertisement advertisement) =>
        $"{advertisement.Address} '{advertisement.Name}' {string.Join(' ', advertisement.Manufacturer.Select(static m => $"{m.Company:X4}={Convert.ToHexString(m.Data.Span)}"))} {string.Join(' ', advertisement.Services.Select(static s => $"{s.Service}={Convert.ToHexString(s.Data.Span)}"))}";

    /// <summary>Objects and elements of arrays that are reached from here: memory that a decoder keeps.</summary>
    private static int Size(IEnumerable<object> roots)
    {
        var (seen, open, size) = (new HashSet<object>(ReferenceEqualityComparer.Instance), new Stack<object>(roots), 0);
        while (open.TryPop(out var next))
        {
            if (next is Type or Delegate or TimeProvider or string || next.GetType().IsPointer || !seen.Add(next))
            {
                continue;
            }

            size += next is ICollection collection ? 1 + collection.Count : 1;
            for (var type = next.GetType(); type is not null && type.Namespace?.StartsWith("Gateway", StringComparison.Ordinal) == true; type = type.BaseType)
            {
                foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (!field.FieldType.IsPrimitive && field.GetValue(next) is { } value)
                    {
                        open.Push(value);
                    }
                }
            }
        }

        return size;
    }
}
