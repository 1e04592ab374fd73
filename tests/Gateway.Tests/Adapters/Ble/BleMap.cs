using Gateway.Adapters.Ble;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Ble;

/// <summary>Reads BLE links and devices as one writes them.</summary>
internal static class BleMap
{
    private static readonly BleAdapterType s_type = new(static (_, _, _, _) => new FakeRadio());

    public static (BleOptions Link, string Problems) Link(string keys = "")
    {
        var problems = new ProblemList();
        var node = ConfigurationFiles.Parse($"id: radio\ntype: ble\n{keys}\n", "gateway.yaml", problems)!;
        LinkTable.Kind([s_type]).TryRead(node, problems, out var link);
        return ((link as BleOptions)!, string.Join('\n', problems.All));
    }

    public static (DeviceOptions Device, string Problems) Device(string keys, BleOptions? link = null)
    {
        var problems = new ProblemList();
        var node = ConfigurationFiles.Parse($"id: cellar\nlink: radio\n{keys}\n", "gateway.yaml", problems)!;
        Gateway.Core.DeviceTable.Kind([s_type], [link ?? Link().Link], new TemplateLibrary(new KeptTemplates([]), new KeptTemplates([]))).TryRead(node, problems, out var device);
        return (device, string.Join('\n', problems.All));
    }

    /// <summary>One that is right.</summary>
    public static DeviceOptions Good(string keys, BleOptions? link = null)
    {
        var (device, problems) = Device(keys, link);
        Assert.Equal("", problems);
        return device;
    }
}
