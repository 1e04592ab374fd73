using Gateway.Cli;
using Gateway.OutboxControl;

namespace Gateway.Tests.Cli;

public class OutboxTextTests
{
    [Fact]
    public void Table_IsAsWideAsWhatStandsInIt()
    {
        var output = new StringWriter();

        OutboxTable.Write(
            new OutboxListing("gw-1", "/data", true,
            [
                Row("cloud.telemetry", StreamRow.Served, waiting: 1204, held: "upstream answers 0x97 QuotaExceeded\u001b[2J"),
                Row("old.alarm", StreamRow.Left, waiting: 0),
            ]),
            output);

        Assert.Equal(
            """
            gw-1, running, data in /data
            STREAM           STATE   WAITING    BYTES    AGE  EPOCH             OLDEST  NEXT  ACKED  DROPPED
            cloud.telemetry  served    1,204  310 KiB  2h 5m  00000000000000ab       3  1210      2  3 (age 2, size 1)
              → held back: upstream answers 0x97 QuotaExceeded\u{1b}[2J
            old.alarm        left          0  310 KiB      -  00000000000000ab       3  1210      2  3 (age 2, size 1)
              → its bridge left the configuration: edge-gateway outbox drop old.alarm removes it; the bridge configured again sends it

            """,
            output.ToString());
    }

    [Fact]
    public void Table_Empty_SaysSo()
    {
        var output = new StringWriter();
        OutboxTable.Write(new OutboxListing("gw-1", "/data", false, []), output);
        Assert.Equal("the outbox of /data is empty: there is no stream yet\n", output.ToString());
    }

    [Fact]
    public void Entry_SaysEverythingOnTwoLines()
    {
        var output = new StringWriter();

        EntryText.Write(new OutboxLine { Seq = 7, Topic = "a/\u001bb", Payload64 = "AAH//g==", Retain = true, Qos = 1, Ts = 1736430000123, Age = 5000, Size = 4, Expires = 55, InFlight = true }, output);
        EntryText.Write(new OutboxLine { Damaged = new LineRange(8, 10) }, output);

        Assert.Equal(
            """
            7:  2025-01-09 13:40:00.123Z  (5s ago)  QoS 1  retained  expires in 55s  in flight  4 B  a/\u{1b}b
                0x0001fffe
            8 to 10: cannot be read; edge-gateway outbox repair tells upstream so, or the bridge does when it comes there

            """,
            output.ToString());
    }

    private static StreamRow Row(string stream, string state, ulong waiting, string? held = null) => new(
        stream, state, waiting, 317_440, waiting > 0 ? 7_500_000 : null, "00000000000000ab", null, 3, 1210, 2, 3,
        new Dictionary<string, ulong> { ["age"] = 2, ["size"] = 1 }, 0, held);
}
