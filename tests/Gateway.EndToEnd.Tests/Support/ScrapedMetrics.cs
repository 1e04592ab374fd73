using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.EndToEnd.Tests.Support;

/// <summary>What the daemon's <c>/metrics</c> says.</summary>
/// <param name="port">Of its HTTP listener.</param>
internal sealed partial class ScrapedMetrics(int port) : IDisposable
{
    private readonly HttpClient _client = new();

    /// <summary>Asks again and again, until it is as wanted.</summary>
    /// <param name="wanted">Gets the sum of a metric's samples by its name.</param>
    public async Task<Func<string, double>> WaitForAsync(Func<Func<string, double>, bool> wanted)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var text = await _client.GetStringAsync($"http://127.0.0.1:{port}/metrics", end.Token);
            if (wanted(Sum))
            {
                return Sum;
            }

            Assert.True(await pace.WaitForNextTickAsync(end.Token));

            double Sum(string name) => Sample().Matches(text).Where(m => m.Groups[1].Value == name).Sum(m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        }
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex(@"^(\w+)(?:\{[^\n]*\})? (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
