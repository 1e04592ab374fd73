namespace Gateway.Tests.Adapters.Lora;

/// <summary>Streams of every dialect, mutated: nothing is thrown, nothing depends on how they are cut, and what comes behind is found again.</summary>
public class FramerFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryFramer_MutatedStreams_AreSurvived()
    {
        var streams = ProofSetting.Of("EDGE_GATEWAY_TEST_FUZZED_STREAMS", 1_000);
        var seed = ProofSetting.Seed(output);
        foreach (var dialect in Dialects.All)
        {
            var random = new Random(seed);
            for (var i = 0; i < streams; i++)
            {
                var (stream, _) = FramerTests.Conversation(dialect, random, random.Next(1, 5));
                Judge(dialect, Mutate(stream, random), random, $"{dialect}, stream {i}, seed {seed}");
            }
        }

        ProofSummary.Add("LoRa framers, mutated streams of each dialect", $"{streams} × {Dialects.All.Length}", "", "0", "", "", $"{seed}");
    }

    private static void Judge(string dialect, byte[] stream, Random random, string name)
    {
        // At once, and in chunks.
        var whole = FoundInBytes.In(Dialects.Framer(dialect), stream);
        var framer = Dialects.Framer(dialect);
        var found = FoundInBytes.In(framer, stream, () => random.Next(1, 9));
        if (whole.Text != found.Text || whole.NoiseBytes != found.NoiseBytes)
        {
            Assert.Fail($"{name}: cut otherwise it is {found.Text} and {found.NoiseBytes} of noise instead of {whole.Text} and {whole.NoiseBytes}: {Convert.ToHexString(stream)}");
        }

        // After a pause nothing of it is left in the way of the next packet.
        framer.Idle(found);
        var before = found.Packets.Count;
        byte[] payload = Dialects.HasFrames(dialect) ? Dialects.Payload(dialect, random) : [1, 13, 10, 44];
        framer.Receive(Dialects.Wire(dialect, payload, 12, -60, 5), found);
        if (framer.Pending != 0 || found.Packets.Count != before + 1 || found.Found[^1] != Dialects.Expected(dialect, payload, 12, -60, 5))
        {
            Assert.Fail($"{name}: the packet behind it is lost ({found.Text}): {Convert.ToHexString(stream)}");
        }
    }

    private static byte[] Mutate(byte[] stream, Random random)
    {
        var bytes = new List<byte>(stream);
        for (var n = random.Next(1, 6); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
