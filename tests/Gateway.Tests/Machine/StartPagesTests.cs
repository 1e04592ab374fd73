using Gateway.Machine;

namespace Gateway.Tests.Machine;

public class StartPagesTests
{
    [Fact]
    public void Clean_MapsOfAProcess_AreThoseOfTheProgramThatCannotBeWrittenAndAreUnchanged() => Assert.Equal(
        [(0x1000L, 0x3000L), (0xa000L, 0x1000L)],
        StartPages.Clean(
        [
            "1000-4000 r-xp 00000000 fe:00 12 /usr/bin/edge gateway",
            "Rss: 12 kB",
            "Anonymous: 0 kB",
            "Swap: 0 kB",
            "VmFlags: rd ex mr mw me sd",
            "4000-5000 r--p 00003000 fe:00 12 /usr/bin/edge gateway",
            "Anonymous: 4 kB",
            "Swap: 0 kB",
            "5000-6000 rw-p 00004000 fe:00 12 /usr/bin/edge gateway",
            "Anonymous: 0 kB",
            "Swap: 0 kB",
            "6000-7000 r--s 00000000 fe:00 13 /data/shared",
            "Anonymous: 0 kB",
            "Swap: 0 kB",
            "7000-8000 r-xp 00000000 00:00 0 [vdso]",
            "Anonymous: 0 kB",
            "Swap: 0 kB",
            "8000-9000 r--p 00000000 00:00 0",
            "Anonymous: 0 kB",
            "Swap: 0 kB",
            "9000-a000 r--p 00000000 fe:00 12 /usr/bin/edge gateway",
            "Anonymous: 0 kB",
            "Swap: 4 kB",
            "a000-b000 r--p 00000000 fe:00 12 /usr/bin/edge gateway",
            "Anonymous: 0 kB",
            "Swap: 0 kB",
            "7f0000000000-7f0000001000 r--p 00000000 fe:00 14 /usr/lib/libc.so.6",
            "Anonymous: 0 kB",
            "Swap: 0 kB",
        ],
        "/usr/bin/edge gateway"));

    [Fact]
    public void GiveBack_OfThisProcess_LeavesItRunning()
    {
        Assert.InRange(StartPages.GiveBack(), 1L, 1L << 34);
        Assert.NotEmpty(System.Text.Json.JsonSerializer.Serialize(new[] { 1, 2, 3 }));
    }
}
