using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class DurabilityTests
{
    [Fact]
    public void StateOf_WhatFailed_StaysFailedWhenLaterCommitsSucceed()
    {
        var durability = new Durability();
        durability.Advance(5);
        durability.Fail(8);
        Assert.Equal([LsnState.Durable, LsnState.Durable, LsnState.Failed, LsnState.Failed, LsnState.Waiting], ((long[])[0, 5, 6, 8, 9]).Select(durability.StateOf));
        durability.Advance(12);
        durability.Fail(12);
        Assert.Equal([LsnState.Durable, LsnState.Failed, LsnState.Failed, LsnState.Durable, LsnState.Durable], ((long[])[5, 6, 8, 9, 12]).Select(durability.StateOf));
    }
}
