using System.Text.Json;
using Gateway.Applying;
using Gateway.Diagnostics;

namespace Gateway.Tests.Applying;

public sealed class HealthSnapshotTests
{
    /// <summary>Nothing can be said of a node that speaks once an hour a minute after its link began anew.</summary>
    [Fact]
    public void DeviceThatSpeaksByItself_AndHasNotYet_IsToldAndNotWorse()
    {
        var before = HealthSnapshot.Of(Report(("tank", "online"), ("boiler", "online")));
        var after = HealthSnapshot.Of(Report(("tank", DeviceSection.Awaited), ("boiler", "unknown")));

        Assert.Equal("device boiler", Assert.Single(after.WorseThan(before)).What);
        Assert.Equal(new HealthFault("device tank", "has not been heard yet", null, true), Assert.Single(after.NotWellEither(before)));
    }

    [Fact]
    public void DeviceThatIsOffline_IsWorse()
    {
        var before = HealthSnapshot.Of(Report(("tank", "online")));
        Assert.Single(HealthSnapshot.Of(Report(("tank", "offline"))).WorseThan(before));
        Assert.Single(HealthSnapshot.Of(Report(("tank", "offline"))).NotWellEither(HealthSnapshot.Of(Report(("tank", DeviceSection.Awaited)))));
    }

    private static StatusReport Report(params (string Id, string Status)[] devices)
    {
        var sections = string.Join(',', devices.Select(d => $$"""{ "id": "{{d.Id}}", "link": "field", "status": "{{d.Status}}" }"""));
        return JsonSerializer.Deserialize(
            $$$"""
            {"state":"ok","summary":"","links":[],"bridges":[],"devices":[{{{sections}}}],
             "gateway":{"id":"gw-1","version":"","data":"","boot":1,"uptime-seconds":1,"clock":"trusted"},
             "configuration":{"file":"","since":"2026-01-01T00:00:00Z","from":"the start"},
             "broker":{"listeners":[],"clients":0,"sessions":0,"retained":0,"queued-bytes":0,"received":0,"sent":0,"dropped":{},"access":[]},
             "storage":{"state":"ok","bytes":0,"streams":[]}}
            """, StatusJson.Default.StatusReport)!;
    }
}
