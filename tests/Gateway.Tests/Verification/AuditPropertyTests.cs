using Gateway.Mqtt;
using Gateway.Verification;

namespace Gateway.Tests.Verification;

/// <summary>Whatever the line, the gateways and their power do: the verdict is the truth.</summary>
public sealed class AuditPropertyTests
{
    [Fact]
    public void See_AnyStreams_TheVerdictIsTheTruth()
    {
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var streams = new Dictionary<StreamKey, SimulatedStream>();
            var wire = new List<MqttMessage>();
            for (var g = random.Next(1, 4); g > 0; g--)
            {
                Mix(wire, Gateway($"gw-{g}", random, streams), random);
            }

            var audit = new IdentityAudit { FromStart = true };
            wire.ForEach(m => audit.See(m));
            foreach (var (key, truth) in streams)
            {
                var verdict = audit.Streams.Single(s => s.Key == key).Value;
                Assert.True(
                    (truth.Received, truth.Missing, truth.Open, truth.Duplicates, truth.OutOfOrder, 0UL) == (verdict.Received, verdict.Missing, verdict.Open, verdict.Duplicates, verdict.OutOfOrder, verdict.Conflicts)
                        && truth.DroppedBy.SequenceEqual(verdict.DroppedBy),
                    $"seed {seed}, {key}: truth {Figures(truth.Received, truth.Missing, truth.Open, truth.Duplicates, truth.OutOfOrder, truth.DroppedBy)}, "
                    + $"verdict {Figures(verdict.Received, verdict.Missing, verdict.Open, verdict.Duplicates, verdict.OutOfOrder, verdict.DroppedBy)}");
            }

            Assert.Equal(streams.Count, audit.Streams.Count());
        }
    }

    /// <summary>Several epochs of one gateway, one after the other.</summary>
    private static List<MqttMessage> Gateway(string id, Random random, Dictionary<StreamKey, SimulatedStream> streams)
    {
        var wire = new List<MqttMessage>();
        ulong? previous = null;
        for (var epochs = random.Next(1, 4); epochs > 0; epochs--)
        {
            var epoch = (ulong)random.NextInt64();
            var stream = new SimulatedStream(random, id, epoch, previous);
            streams.Add(new StreamKey(id, "cloud.telemetry", epoch, IsOrigin: false), stream);
            wire.AddRange(stream.Messages);
            previous = epoch;
        }

        return wire;
    }

    /// <summary>Puts more between what is there, each in its own order.</summary>
    private static void Mix(List<MqttMessage> wire, List<MqttMessage> more, Random random)
    {
        var at = 0;
        foreach (var message in more)
        {
            at = random.Next(at, wire.Count + 1);
            wire.Insert(at++, message);
        }
    }

    private static string Figures(ulong received, ulong missing, ulong open, ulong duplicates, ulong outOfOrder, IEnumerable<KeyValuePair<string, ulong>> dropped) =>
        $"received {received}, missing {missing}, open {open}, duplicates {duplicates}, out of order {outOfOrder}, dropped {string.Join(' ', dropped.Select(d => $"{d.Key}={d.Value}"))}";
}
