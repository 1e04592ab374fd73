using System.Text;
using Gateway.Adapters;

namespace Gateway.Tests.Configuration;

/// <summary>Whatever is written, nothing is thrown: a bad configuration is told, never a stack trace.</summary>
public class MutationTests
{
    private const int Rounds = 3_000;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ": ", "- ", "#", " #", "&a ", "*a", "!t ", "%", "@", "`", "\"", "'", "|", ">", "? ", ",", "\t", "\n", "\r\n", "---\n", "...\n",
        "<<: ", "~", "null", "{}", "[]", "\u0000", "\u0085", "\u2028", "\uFEFF", "\\", "999999999999999999999", "-1", "1e400", "0x", "$", "{device}", "é", "😀", "  ",
    ];

    [Fact]
    public void Samples_Mutated_NeverThrowAndTellOneLineEach()
    {
        var seeds = Directory.EnumerateFiles(Repository.Samples, "*.yaml").Concat(Directory.EnumerateFiles(Repository.Broken, "*.yaml"))
            .Order(StringComparer.Ordinal).Select(f => File.ReadAllText(f, Encoding.Latin1)).ToList();
        for (var seed = 0; seed < Rounds; seed++)
        {
            var text = Mutate(seeds[seed % seeds.Count], new Random(seed));
            try
            {
                var (configuration, problems) = ConfigurationLoader.Parse(text, "/x/fuzz.yaml", seed % 2 == 0 ? FakeModbus.Catalog : AdapterCatalog.All, _ => null);

                Assert.Equal(configuration is null, problems.HasErrors);
                Assert.All(problems.All, p => Assert.DoesNotContain('\n', p.ToString()));
                Assert.All(problems.All, p => Assert.True(p.Position.Line >= 1 && p.Position.Column >= 1, p.ToString()));
                if (configuration is not null)
                {
                    Assert.NotEmpty(ConfigurationSummary.Of(configuration));
                    Assert.NotEmpty(ConfigurationSummaryJson.Of(configuration));
                }
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"seed {seed}:\n{text}", e);
            }
        }
    }

    private static string Mutate(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var n = random.Next(1, 6); n > 0 && result.Length > 0; n--)
        {
            var at = random.Next(result.Length);
            var length = Math.Min(random.Next(1, 30), result.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    result.Remove(at, length);
                    break;
                case 1:
                    result.Insert(at, result.ToString(at, length));
                    break;
                case 2:
                    result.Length = at;
                    break;
                default:
                    result.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return result.ToString();
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: [")]
    public void Nesting_Bottomless_IsRefused(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 20_000));

        var (configuration, problems) = ConfigurationLoader.Parse(text, "deep.yaml", FakeModbus.Catalog, _ => null);

        Assert.Null(configuration);
        Assert.Single(problems.All);
    }
}
