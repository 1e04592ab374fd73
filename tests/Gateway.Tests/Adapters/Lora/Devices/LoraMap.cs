using Gateway.Adapters.Lora;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Reads LoRa links and devices as one writes them.</summary>
internal static class LoraMap
{
    /// <summary>Keys without which there is no link, unless they are given.</summary>
    private static readonly (string Key, string Line)[] s_needed = [("modem", "modem: rylr998"), ("serial-port", "serial-port: /dev/ttyUSB0"), ("region", "region: eu868"), ("frequency", "frequency: 868.1MHz")];

    private static readonly LoraAdapterType s_type = new();

    public static (LoraOptions Link, string Problems) Link(string keys = "")
    {
        var problems = new ProblemList();
        var needed = string.Join('\n', s_needed.Where(n => !keys.Split((char)10).Any(k => k.StartsWith(n.Key + ":", StringComparison.Ordinal))).Select(n => n.Line));
        var node = ConfigurationFiles.Parse($"id: field\ntype: lora\n{needed}\n{keys}\n", "gateway.yaml", problems)!;
        LinkTable.Kind([s_type]).TryRead(node, problems, out var link);
        return ((link as LoraOptions)!, string.Join('\n', problems.All));
    }

    public static (DeviceOptions Device, string Problems) Device(string keys, LoraOptions? link = null, string id = "tank")
    {
        var problems = new ProblemList();
        var node = ConfigurationFiles.Parse($"id: {id}\nlink: field\n{keys}\n", "gateway.yaml", problems)!;
        DeviceTable.Kind([s_type], [link ?? Link().Link], new TemplateLibrary(new KeptTemplates([]), new KeptTemplates([]))).TryRead(node, problems, out var device);
        return (device, string.Join('\n', problems.All));
    }

    /// <summary>One that is right.</summary>
    public static LoraOptions GoodLink(string keys)
    {
        var (link, problems) = Link(keys);
        Assert.Equal("", problems);
        return link;
    }

    /// <summary>One that is right.</summary>
    public static DeviceOptions Good(string keys, LoraOptions link, string id = "tank")
    {
        var (device, problems) = Device(keys, link, id);
        Assert.Equal("", problems);
        return device;
    }
}
