// Two at a time: most of a test is waiting for processes, and each starts several.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Gateway.EndToEnd.Tests;

/// <summary>Tests that measure, or load the machine so much that others would notice: one at a time, when no other runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
