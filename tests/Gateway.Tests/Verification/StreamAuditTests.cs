using Gateway.Verification;

namespace Gateway.Tests.Verification;

public class StreamAuditTests
{
    [Fact]
    public void Ledger_TellsWhatIsMissingAndWhatIsOpen()
    {
        var audit = Seen(1, 2, 4);
        audit.Compare(oldest: 5, next: 8);

        Assert.Equal((1UL, 3UL), (audit.Missing, audit.Open));
    }

    [Fact]
    public void Open_WhatComesAfterTheLedger_IsNotOpenAnyMore()
    {
        var audit = Seen(1);
        audit.Compare(oldest: 2, next: 5);
        audit.See(2);
        audit.See(4);
        audit.Drop(3, 3);

        Assert.Equal((0UL, 0UL), (audit.Missing, audit.Open));
    }

    [Fact]
    public void See_AgainAndLate_AreToldApart()
    {
        var audit = Seen(1, 3, 2, 3, 1);

        Assert.Equal((3UL, 2UL, 1UL), (audit.Received, audit.Duplicates, audit.OutOfOrder));
    }

    private static StreamAudit Seen(params ulong[] numbers)
    {
        var audit = new StreamAudit();
        foreach (var number in numbers)
        {
            audit.See(number);
        }

        return audit;
    }
}
