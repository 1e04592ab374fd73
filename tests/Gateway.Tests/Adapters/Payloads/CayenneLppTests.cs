using Gateway.Adapters.Payloads;
using Gateway.Configuration;

namespace Gateway.Tests.Adapters.Payloads;

/// <summary>Cayenne LPP: the vectors of its documentation, and one of every type.</summary>
public class CayenneLppTests
{
    private static readonly CayenneLpp s_decoder = new();

    [Theory]
    [InlineData("03670110056700FF", "temperature-3=27.2 °C, temperature-5=25.5 °C")]
    [InlineData("0167FFD7067104D2FB2E0000", "temperature-1=-4.1 °C, acceleration-x-6=1.234 g, acceleration-y-6=-1.234 g, acceleration-z-6=0 g")]
    [InlineData("018806765FF2960A0003E8", "latitude-1=42.3519 °, longitude-1=-87.9094 °, gps-altitude-1=10 m")]
    public void Decode_VectorsOfTheDocumentation_AreTheirValues(string hex, string expected) => Assert.Equal(expected, PayloadText.Of(s_decoder, hex));

    [Theory]
    [InlineData("018806765EF2960A0003E8", "latitude-1=42.3518 °, longitude-1=-87.9094 °, gps-altitude-1=10 m")]
    [InlineData("010001", "digital-input-1=true")]
    [InlineData("010100", "digital-output-1=false")]
    [InlineData("010105", "digital-output-1=5")]
    [InlineData("0202FF9C", "analog-input-2=-1")]
    [InlineData("0203FFFF", "analog-output-2=-0.01")]
    [InlineData("0964FFFFFFFF", "generic-9=4294967295")]
    [InlineData("0165FFFF", "luminosity-1=65535 lx")]
    [InlineData("016601", "presence-1=true")]
    [InlineData("0168FF", "humidity-1=127.5 %")]
    [InlineData("017327A1", "pressure-1=1014.5 hPa")]
    [InlineData("0174014A", "voltage-1=3.3 V")]
    [InlineData("017504D2", "current-1=1.234 A")]
    [InlineData("017633C4A700", "frequency-1=868525824 Hz")]
    [InlineData("017864", "percentage-1=100 %")]
    [InlineData("0179FFF6", "altitude-1=-10 m")]
    [InlineData("017D01A4", "concentration-1=420 ppm")]
    [InlineData("018007D0", "power-1=2000 W")]
    [InlineData("0182000004D2", "distance-1=1.234 m")]
    [InlineData("018300BC614E", "energy-1=12345.678 kWh")]
    [InlineData("0184010E", "direction-1=270 °")]
    [InlineData("018567748580", "unix-time-1=1735689600 s")]
    [InlineData("0186000AFFF60064", "rotation-x-1=0.1 °/s, rotation-y-1=-0.1 °/s, rotation-z-1=1 °/s")]
    [InlineData("0187FF8000", "colour-1='#ff8000'")]
    [InlineData("018E01", "switch-1=true")]
    [InlineData("01670100016700FF", "temperature-1=25.6 °C, temperature-1-2=25.5 °C")]
    public void Decode_EveryType_IsItsValue(string hex, string expected) => Assert.Equal(expected, PayloadText.Of(s_decoder, hex));

    [Theory]
    [InlineData("", "[Refused: an empty payload]")]
    [InlineData("03", "[Refused: cut off after byte 0: a channel without its type]")]
    [InlineData("036701", "[Refused: cut off: temperature of channel 3 takes 2 bytes, and 1 are left]")]
    [InlineData("0367011005", "temperature-3=27.2 °C [Partly: cut off after byte 4: a channel without its type]")]
    [InlineData("03670110018806765E", "temperature-3=27.2 °C [Partly: cut off: gps of channel 1 takes 9 bytes, and 3 are left]")]
    [InlineData("0367011005F000FF", "temperature-3=27.2 °C [Partly: type 240 of channel 5 (byte 5) is unknown, and so is where the next value begins]")]
    public void Decode_WhatIsNotWhole_KeepsWhatWasComplete(string hex, string expected) => Assert.Equal(expected, PayloadText.Of(s_decoder, hex));

    [Fact]
    public void Decode_AnyBytes_NamesValidFieldsOnce()
    {
        var random = new Random(3);
        var values = new DecodedValues();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(0, 250)];
            random.NextBytes(bytes);
            values.Clear();
            s_decoder.Decode(bytes, null, values);
            var names = Enumerable.Range(0, values.Count).Select(n => values[n].Field).ToList();
            Assert.All(names, n => Assert.True(IdKind.IsValid(n), n));
            Assert.Equal(names.Count, names.Distinct().Count());
        }
    }
}
