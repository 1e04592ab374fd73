using System.Diagnostics.Metrics;
using System.Reflection;
using Gateway.Adapters.Modbus;
using Gateway.Cli;
using Gateway.Metering;

namespace Gateway.Tests.Cli;

public class MetricsHelpTests
{
    private static readonly string[] s_lines = [.. MetricsHelp.Text().Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal))];

    /// <summary>Every instrument that the product's assemblies can make is in the help, with a kind and a sentence; so nobody forgets to add a new room's.</summary>
    [Fact]
    public void Text_EveryClassOfMetrics_IsListed()
    {
        var rooms = new[] { typeof(ModbusMetrics).Assembly, typeof(MetricsHelp).Assembly, typeof(Gateway.Broker.BrokerMetrics).Assembly, typeof(Gateway.Bridge.BridgeMetrics).Assembly, typeof(Gateway.Storage.StorageMetrics).Assembly }
            .SelectMany(a => a.GetTypes()).Where(t => t.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Any(f => f.FieldType == typeof(Meter))).ToList();
        Assert.True(rooms.Count >= 5);
        Assert.All(rooms, room =>
        {
            var prefix = $"  edge_gateway_{room.Name.Replace("Metrics", "", StringComparison.Ordinal).ToLowerInvariant()}_";
            Assert.Contains(s_lines, l => l.StartsWith(prefix, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Text_EveryLine_HasAKindAndAMeaning() => Assert.All(s_lines, line =>
    {
        var cells = line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(3, cells.Length);
        Assert.Contains(cells[1], (string[])["counter", "gauge", "histogram"]);
        Assert.True(cells[2].Length > 10, line);
    });

    [Theory]
    [InlineData("modbus.poll.lateness", "s", "histogram")]
    [InlineData("modbus.line.load", "1", "gauge")]
    [InlineData("modbus.line.busy", "s", "counter")]
    [InlineData("modbus.polls", "{poll}", "counter")]
    [InlineData("modbus.polls.missed", "{poll}", "counter")]
    public void Text_WhatALineTellsOfItself_IsThere(string instrument, string unit, string kind)
    {
        var name = MetricName.Of(instrument, unit, Enum.Parse<MetricKind>(kind, ignoreCase: true));
        Assert.Contains(s_lines, l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var second, ..] && first == name && second == kind);
    }
}
