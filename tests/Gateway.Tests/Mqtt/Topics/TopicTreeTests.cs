using Gateway.Mqtt;

namespace Gateway.Tests.Mqtt.Topics;

public sealed class TopicTreeTests
{
    private static readonly string[] Levels = ["a", "b", "", "$x", "long-level"];
    private static readonly string[] FilterLevels = ["a", "b", "", "$x", "+", "+"];

    [Fact]
    public void FindFilters_RandomTrees_AgreesWithMatches()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var tree = new TopicTree<string>();
            var filters = Enumerable.Range(0, 40).Select(_ => RandomFilter(random)).Where(f => TopicFilter.IsValid(f)).Distinct().ToList();
            filters.ForEach(f => Set(tree, f));
            foreach (var gone in filters.Where(_ => random.Next(3) == 0).ToList())
            {
                tree.Change(gone, 0, static (_, _) => null);
                filters.Remove(gone);
            }

            Assert.Equal(filters.Count, tree.Count);
            for (var i = 0; i < 40; i++)
            {
                var topic = RandomTopic(random);
                if (TopicName.IsValid(topic))
                {
                    var found = new List<string>();
                    tree.FindFilters(topic, found);
                    Assert.Equal(filters.Where(f => TopicFilter.Matches(f, topic)).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
                }
            }
        }
    }

    [Fact]
    public void FindNames_RandomTrees_AgreesWithMatches()
    {
        var random = new Random(2);
        for (var round = 0; round < 200; round++)
        {
            var tree = new TopicTree<string>();
            var topics = Enumerable.Range(0, 40).Select(_ => RandomTopic(random)).Where(t => TopicName.IsValid(t)).Distinct().ToList();
            topics.ForEach(t => Set(tree, t));
            for (var i = 0; i < 40; i++)
            {
                var filter = RandomFilter(random);
                if (TopicFilter.IsValid(filter))
                {
                    var found = new List<string>();
                    tree.FindNames(filter, found);
                    Assert.Equal(topics.Where(t => TopicFilter.Matches(filter, t)).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
                }
            }
        }
    }

    [Fact]
    public void Find_DeepestTopic_NeedsNoStack()
    {
        var tree = new TopicTree<string>();
        var deep = new string('/', 65_535);
        Set(tree, deep);
        Set(tree, "/#");
        var found = new List<string>();
        tree.FindFilters(deep, found);
        Assert.Equal(2, found.Count);
        found.Clear();
        tree.FindNames("#", found);
        Assert.Contains(deep, found);
        tree.Change(deep, 0, static (_, _) => null);
        Assert.Null(tree.Get(deep));
    }

    [Fact]
    public async Task FindFilters_WhileOthersChange_FindsWhatWasThereBefore()
    {
        var tree = new TopicTree<string>();
        Set(tree, "a/+/c");
        Set(tree, "a/b/#");
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                Set(tree, $"a/{i % 100}");
                Set(tree, $"a/b/{i % 10}");
                tree.Change($"a/{(i + 50) % 100}", 0, static (_, _) => null);
                tree.Change($"a/b/{(i + 5) % 10}", 0, static (_, _) => null);
            }
        });

        var found = new List<string>();
        for (var i = 0; i < 100_000; i++)
        {
            found.Clear();
            tree.FindFilters("a/b/c", found);
            Assert.Equal(["a/+/c", "a/b/#"], found.Order(StringComparer.Ordinal));
        }

        await stop.CancelAsync();
        await writer;
    }

    private static void Set(TopicTree<string> tree, string key) => tree.Change(key, key, static (_, k) => k);

    private static string RandomTopic(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Levels[random.Next(Levels.Length)]));

    private static string RandomFilter(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => FilterLevels[random.Next(FilterLevels.Length)]).Concat(random.Next(3) == 0 ? ["#"] : []));
}
