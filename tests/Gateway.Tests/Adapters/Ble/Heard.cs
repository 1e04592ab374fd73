using Gateway.Adapters.Ble;

namespace Gateway.Tests.Adapters.Ble;

internal static class Heard
{
    /// <summary>One byte as BTHome's service data.</summary>
    public static Advertisement From(string address, byte data)
    {
        Assert.True(BleAddress.TryParse(address, out var parsed));
        return new(parsed, 0) { Rssi = -60, Services = [new(BleUuid.Of(0xFCD2), new[] { data })] };
    }
}
