using System.Globalization;
using Gateway.Adapters.Ble;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>The advertisements of <c>advertisements.txt</c>.</summary>
internal static class AdvertisementVectors
{
    private static readonly Lazy<IReadOnlyList<Vector>> s_all = new(Read);

    public static IReadOnlyList<Vector> All => s_all.Value;

    /// <summary>An advertisement as it is on air: structures of length, type and data (Core 5.4 Vol 3 Part C §11).</summary>
    public static Advertisement Parse(BleAddress address, ReadOnlySpan<byte> structures, long heardAt = 0)
    {
        var (manufacturer, services, uuids, name) = (new List<ManufacturerData>(), new List<ServiceData>(), new List<Guid>(), default(string));
        while (structures.Length > 1 && structures[0] > 0)
        {
            var length = Math.Min(structures[0], structures.Length - 1);
            var (type, data) = (structures[1], structures.Slice(2, length - 1).ToArray());
            switch (type)
            {
                case 0x03 or 0x02:
                    for (var i = 0; i + 1 < data.Length; i += 2)
                    {
                        uuids.Add(BleUuid.Of((ushort)(data[i] | (data[i + 1] << 8))));
                    }

                    break;
                case 0x09 or 0x08:
                    name = System.Text.Encoding.UTF8.GetString(data);
                    break;
                case 0x16 when data.Length >= 2:
                    services.Add(new(BleUuid.Of((ushort)(data[0] | (data[1] << 8))), data.AsMemory(2)));
                    break;
                case 0xFF when data.Length >= 2:
                    manufacturer.Add(new((ushort)(data[0] | (data[1] << 8)), data.AsMemory(2)));
                    break;
            }

            structures = structures[(1 + length)..];
        }

        return new(address, heardAt) { Name = name, Manufacturer = manufacturer, Services = services, ServiceUuids = uuids };
    }

    /// <summary>As the file writes values.</summary>
    public static string Write(DecodedValues values) =>
        string.Join(", ", Enumerable.Range(0, values.Count).Select(i => values[i]).Select(static v => $"{v.Field}={Write(v)}"));

    private static string Write(in DecodedValue value) =>
        value.Error is not null ? "!" : value.Value.Kind == PointValueKind.Text ? $"\"{value.Value.Text}\"" : value.Value.ToString();

    private static List<Vector> Read()
    {
        using var stream = typeof(AdvertisementVectors).Assembly.GetManifestResourceStream("ble/advertisements.txt")!;
        using var reader = new StreamReader(stream);
        var vectors = new List<Vector>();
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (text.Length > 0 && text[0] != '#')
            {
                var parts = text.Split(" | ", 5);
                Assert.True(BleAddress.TryParse(parts[1], out var address), $"line {line}: {parts[1]}");
                ReadOnlyMemory<byte>? key = parts[2] == "-" ? default(ReadOnlyMemory<byte>?) : Convert.FromHexString(parts[2]);
                vectors.Add(new(line, parts[0], address, key, Convert.FromHexString(parts[3]), parts[4].Trim()));
            }
        }

        return vectors;
    }

    /// <param name="Line">In the file.</param>
    /// <param name="Format">Name of the decoder; <c>none</c>: nobody's.</param>
    /// <param name="Address">Sender.</param>
    /// <param name="Key">null: none.</param>
    /// <param name="Structures">As on air.</param>
    /// <param name="Expected">Values or outcome.</param>
    internal sealed record Vector(int Line, string Format, BleAddress Address, ReadOnlyMemory<byte>? Key, byte[] Structures, string Expected)
    {
        public Advertisement Advertisement(long heardAt = 0) => Parse(Address, Structures, heardAt);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Format} {Convert.ToHexString(Structures)}");
    }
}
