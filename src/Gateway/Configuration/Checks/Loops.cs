using Gateway.Bridge;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway;

/// <summary>Topics that would come back (loop prevention, layer 5): a word about cycles that the guards cut, an error where nothing would.</summary>
internal static class Loops
{
    /// <summary>Stands for an id that is made at the first start.</summary>
    private const string IdToCome = "{id}";

    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        var topics = new TopicMapper(configuration.Topics, configuration.Gateway.Root, configuration.Gateway.Id ?? IdToCome);
        foreach (var finding in LoopCheck.Run(configuration.Bridges, RuleTopics.Presets(topics, configuration.Devices, [])))
        {
            if (finding.IsError)
            {
                problems.Error(finding.Position, finding.Text, finding.Remedy);
            }
            else
            {
                problems.Warn(finding.Position, finding.Text, finding.Remedy);
            }
        }
    }
}
