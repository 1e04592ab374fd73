using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;

namespace Gateway.Simulators;

/// <summary>What a simulated device says of itself in one format of advertisements.</summary>
internal interface ITagFormat
{
    /// <summary>Adds it to a report for the mock of BlueZ: <c>manufacturer</c>, <c>service</c>, and a <c>name</c> where the format is told by it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="sender">The device.</param>
    /// <param name="elapsed">Since the start: values move with it.</param>
    /// <param name="counter">One more each time; never the same twice with one key.</param>
    void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter);
}

internal static class TagReport
{
    public static void Service(this JsonObject report, ushort uuid, ReadOnlySpan<byte> data) => report["service"] = new JsonObject { [uuid.ToString("x4")] = Convert.ToHexString(data) };

    public static void Manufacturer(this JsonObject report, ushort company, ReadOnlySpan<byte> data) => report["manufacturer"] = new JsonObject { [company.ToString("x4")] = Convert.ToHexString(data) };
}
