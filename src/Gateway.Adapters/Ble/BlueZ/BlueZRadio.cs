using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Ble;

/// <summary>Makes radios out of this machine's Bluetooth controllers.</summary>
internal static class BlueZRadio
{
    public static IBleRadio Create(BleOptions options, BleMetrics metrics, TimeProvider time, ILogger log)
    {
        var bluez = new BlueZOptions
        {
            Controller = options.Controller ?? BlueZAdapter.Any,
            IsPassive = options.Scan == BleScan.Passive,
            ConnectTimeout = options.ConnectTimeout,
            Dropped = metrics.Dropped,
        };
        return new BleRadio(options.Id, new BlueZController(bluez, time), metrics.Recovered, time, log);
    }
}
