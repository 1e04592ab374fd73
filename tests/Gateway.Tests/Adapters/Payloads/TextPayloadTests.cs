using System.Text;
using Gateway.Adapters.Payloads;
using Gateway.Configuration;

namespace Gateway.Tests.Adapters.Payloads;

/// <summary>Payloads that people can read: JSON and words.</summary>
public class TextPayloadTests
{
    [Theory]
    [InlineData("""{"t":21.50,"Bat_V":{"now":3.3,"min":2.9}}""", "t=21.5, bat-v-now=3.3, bat-v-min=2.9")]
    [InlineData("""{"t":[1,[2,3],{"x":4}]}""", "t-1=1, t-2-1=2, t-2-2=3, t-3-x=4")]
    [InlineData("""{"ok":true,"s":"hör","n":null}""", "ok=true, s='hör', n!null")]
    [InlineData("21.5", "value=21.5")]
    [InlineData("""{"t":1,"T":2}""", "t=1, t-2=2")]
    [InlineData("""{"t":1,""", "t=1 [Partly: not well-formed JSON at byte 6]")]
    [InlineData("""{"t":1e999}""", "t!a number beyond what can be kept exactly")]
    [InlineData("""{"é":1}""", "value=1")]
    [InlineData("{}", "[Refused: JSON without a value]")]
    [InlineData("", "[Refused: not well-formed JSON at byte 0]")]
    [InlineData("[[[[[[[[[1]]]]]]]]]", "[Refused: not well-formed JSON at byte 8]")]
    [InlineData("""{"a":"\ud800"}""", "[Refused: not well-formed JSON]")]
    public void Json_IsFlattened(string json, string expected) => Assert.Equal(expected, PayloadText.Of(new JsonFields(), Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("t=21.50,h=40;bat:3.3V open=true", "t=21.5, h=40, bat=3.3 V, open=true")]
    [InlineData("T: 21.5 °C\r\n", "t=21.5, value-2='°C'")]
    [InlineData("temp=21.5°C&state=run", "temp=21.5 °C, state='run'")]
    [InlineData("21.5,40,1013", "value-1=21.5, value-2=40, value-3=1013")]
    [InlineData("a=,b=1", "a!no value, b=1")]
    [InlineData("a= ,b=1", "a!no value, b=1")]
    [InlineData("=5", "value-1=5")]
    [InlineData("e=1e3 u=2E", "e=1000, u=2 E")]
    [InlineData("mac=12:34:56 v=1.2.3", "mac='12:34:56', v='1.2.3'")]
    [InlineData("t=1,t=2", "t=1, t-2=2")]
    [InlineData("a\0\0", "value-1='a'")]
    [InlineData("a=1\u0001", "[Refused: control characters in the text]")]
    [InlineData(" ,; ", "[Refused: no value in the text]")]
    public void Text_IsPairs(string text, string expected) => Assert.Equal(expected, PayloadText.Of(new TextFields(), Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Text_OfOtherBytes_IsRefused() => Assert.Equal("[Refused: not text]", PayloadText.Of(new TextFields(), "FF41"));

    [Fact]
    public void Text_TooLong_IsRefusedWithoutLooking()
    {
        Assert.Contains("at most 1024", PayloadText.Of(new TextFields(), new byte[TextFields.MostBytes + 1]));
        Assert.Contains("at most 4096", PayloadText.Of(new JsonFields(), new byte[JsonFields.MostBytes + 1]));
    }

    [Fact]
    public void Hex_IsThePayload() => Assert.Equal("payload='00ff10'", PayloadText.Of(new RawHex(), "00FF10"));

    [Fact]
    public void Decode_MutatedTexts_NameValidFieldsOnce()
    {
        var random = new Random(5);
        var values = new DecodedValues();
        foreach (var (decoder, text) in new (IPayloadDecoder, string)[] { (new JsonFields(), """{"t":[21.5,{"bat":3.3}],"s":"ab\u00e9","x":{"y":[true,null]}}"""), (new TextFields(), "t=21.50,h=40;bat: 3.3V open=true&x=1e5") })
        {
            for (var i = 0; i < 20_000; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                for (var n = random.Next(1, 5); n > 0; n--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                values.Clear();
                decoder.Decode(bytes.AsSpan(0, random.Next(bytes.Length + 1)), null, values);
                var names = Enumerable.Range(0, values.Count).Select(v => values[v].Field).ToList();
                Assert.All(names, name => Assert.True(IdKind.IsValid(name), name));
                Assert.Equal(names.Count, names.Distinct().Count());
            }
        }
    }
}
