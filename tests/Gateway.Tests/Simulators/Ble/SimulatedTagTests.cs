using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;
using Gateway.Core;
using Gateway.Simulators;
using Gateway.Tests.Adapters.Ble;

namespace Gateway.Tests.Simulators.Ble;

/// <summary>What simulated devices say is understood by the decoder that their configuration names.</summary>
public sealed class SimulatedTagTests
{
    private const string Key = "231d39c1d7cc1ab1aee224cd096db932";

    /// <summary>Every format of the catalog, in the clear and where it can be with a key.</summary>
    public static TheoryData<string, bool> All
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var format in BleFormats.All)
            {
                all.Add(format.Name, false);
                if (format.KeyLengths.Contains(16))
                {
                    all.Add(format.Name, true);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Advertise_EveryFormat_IsUnderstoodAndMoves(string decoder, bool isEncrypted)
    {
        Environment.SetEnvironmentVariable("SIMULATED_TAG_KEY", Key);
        var device = BleMap.Good($"address: \"A4:C1:38:01:02:03\"\ndecoder: {decoder}{(isEncrypted ? "\nkey: { env: SIMULATED_TAG_KEY }" : "")}");
        var format = BleFormats.Find(decoder)!;
        ReadOnlyMemory<byte>? key = isEncrypted ? new ReadOnlyMemory<byte>(Convert.FromHexString(Key)) : (ReadOnlyMemory<byte>?)null;
        var listener = format.Create(key, TimeProvider.System);

        var first = Hear(device, listener, TimeSpan.Zero, 1000);
        var second = Hear(device, listener, TimeSpan.FromSeconds(30), 1001);

        if (decoder == "ibeacon")
        {
            Assert.Equal(("1", "515"), (first["major"], first["minor"]));
            return;
        }

        Assert.InRange(decimal.Parse(first["temperature"], CultureInfo.InvariantCulture), -25, 30);
        Assert.NotEqual(first["temperature"], second["temperature"]);
    }

    [Fact]
    public void Advertise_ADescribedFormat_IsUnderstood()
    {
        var device = BleMap.Good("""
            address: "A4:C1:38:01:02:03"
            decoder:
              manufacturer: 0x09C7
              starts-with: "A5"
              fields: [{ id: kind, type: uint8, hidden: true }, { id: level, type: uint16, scale: 0.1 }, { id: open, type: bool }, { id: phase, type: int8, enum: { 1: day, 2: night } }]
            """);
        var format = ((BleDevice)device.Address).Decoding.Format!;
        var heard = Hear(device, format.Create(null, TimeProvider.System), TimeSpan.FromSeconds(7), 1);
        Assert.InRange(decimal.Parse(heard["level"], CultureInfo.InvariantCulture), 0, 100);
        Assert.Equal("day", heard["phase"]);
        Assert.True(heard.ContainsKey("open"));
    }

    private static Dictionary<string, string> Hear(DeviceOptions device, IBleDecoder decoder, TimeSpan elapsed, uint counter)
    {
        var (tag, problem) = SimulatedTag.Of(device, 0, "hci0");
        Assert.Null(problem);
        var report = tag!.Advertise(elapsed, counter);
        var advertisement = new Advertisement(tag.Address, TimeProvider.System.GetTimestamp())
        {
            Name = report["name"]?.GetValue<string>(),
            Manufacturer = [.. Entries(report["manufacturer"]).Select(e => new ManufacturerData(ushort.Parse(e.Key, NumberStyles.HexNumber, CultureInfo.InvariantCulture), e.Value))],
            Services = [.. Entries(report["service"]).Select(e => new ServiceData(BleUuid.TryParse(e.Key, out var uuid) ? uuid : default, e.Value))],
        };
        var values = new DecodedValues();
        var outcome = decoder.Decode(advertisement, values);
        Assert.Equal((DecodeStatus.Decoded, null), (outcome.Status, outcome.Reason));
        var heard = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < values.Count; i++)
        {
            Assert.Null(values[i].Error);
            heard.Add(values[i].Field, values[i].Value.ToString());
        }

        return heard;
    }

    private static IEnumerable<KeyValuePair<string, byte[]>> Entries(JsonNode? part) =>
        part?.AsObject().Select(static e => KeyValuePair.Create(e.Key, Convert.FromHexString(e.Value!.GetValue<string>()))) ?? [];
}
