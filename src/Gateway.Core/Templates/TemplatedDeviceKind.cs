using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>A device whose template, if it names one, is put below it before it is read.</summary>
internal sealed class TemplatedDeviceKind(Kind<DeviceOptions> device, TemplateLibrary templates) : Kind<DeviceOptions>
{
    public override string Name => device.Name;

    public override string Example => device.Example;

    public override DeviceOptions Placeholder => device.Placeholder;

    public override TableDescription Keys => device.Keys;

    public override JsonObject Schema() => device.Schema();

    public override string Write(DeviceOptions value) => device.Write(value);

    public override bool TryRead(ConfigNode node, ProblemList problems, out DeviceOptions value)
    {
        if (node is not MapNode map || !map.TryGet("template", out var named) || named.Value is not ScalarNode { IsNothing: false } name || !IdKind.IsValid(name.Text))
        {
            return device.TryRead(node, problems, out value);
        }

        if (templates.Find(name.Text, name.Position, problems) is not { } template)
        {
            // Its points would be judged without what they build on.
            device.TryRead(map with { Entries = [.. map.Entries.Where(e => e.Key is not ("points" or "only"))] }, problems, out value);
            return false;
        }

        var ok = device.TryRead(TemplateMerge.Merge(map, template, problems), problems, out value);
        value = value with { Template = template.Use };
        return ok;
    }
}
