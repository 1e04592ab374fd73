using System.Globalization;
using Gateway.Mqtt;
using Gateway.Verification;

namespace Gateway.Tests.Verification;

public sealed class IdentityAuditTests
{
    private readonly IdentityAudit _audit = new();

    [Fact]
    public void See_HolesBelowTheOldest_AreMissing()
    {
        See(1, 2, 4, 6);
        Ledger(oldest: 6, next: 9);
        Assert.Equal((4UL, 2UL, 0UL, 3UL), (_audit.Received, _audit.Missing, _audit.Duplicates, _audit.Open));
    }

    [Fact]
    public void See_RepetitionsAndLateOnes_AreCountedApart()
    {
        See(1, 3, 2, 3, 1);
        Ledger(oldest: 4, next: 4);
        Assert.Equal((3UL, 0UL, 2UL, 1UL), (_audit.Received, _audit.Missing, _audit.Duplicates, _audit.OutOfOrder));
    }

    [Fact]
    public void See_Gap_ExplainsWhatIsNotThere()
    {
        See(1, 5);
        Gap(2, 4);
        Gap(2, 4);
        Ledger(oldest: 6, next: 6);
        Assert.Equal((2UL, 0UL, 3UL), (_audit.Received, _audit.Missing, _audit.Dropped));
    }

    [Fact]
    public void See_LedgerWithThePreviousEpoch_ClosesItsBooksToo()
    {
        See(1, 2);
        _audit.See(Message(
            "edge/gateways/gw-1/streams/cloud.telemetry",
            """{"epoch":"0000000000000100","oldest":1,"next":3,"acked":0,"dropped":0,"previous":[{"epoch":"00000000000000ff","oldest":4,"next":5,"acked":3,"dropped":0}]}"""));
        Assert.Equal((2UL, 1UL, 3UL), (_audit.Received, _audit.Missing, _audit.Open));
    }

    private static MqttMessage Message(string topic, string payload, string? identity = null) => new()
    {
        Topic = topic,
        Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        Properties = identity is null ? MessageProperties.None : new MessageProperties { UserProperties = [new("gw", identity)] },
    };

    private void See(params ulong[] numbers)
    {
        foreach (var n in numbers)
        {
            _audit.See(Message("edge/d/telemetry/p", "1", string.Create(CultureInfo.InvariantCulture, $"gw-1;cloud.telemetry;00000000000000ff;{n}")));
        }
    }

    private void Gap(ulong from, ulong to) => _audit.See(Message(
        "edge/gateways/gw-1/gaps", $$"""{"stream":"cloud.telemetry","epoch":"00000000000000ff","from":{{from}},"to":{{to}},"reason":"size"}"""));

    private void Ledger(ulong oldest, ulong next) => _audit.See(Message(
        "edge/gateways/gw-1/streams/cloud.telemetry", $$"""{"epoch":"00000000000000ff","oldest":{{oldest}},"next":{{next}},"acked":0,"dropped":0}"""));
}
