using System.Buffers.Binary;
using System.Numerics;
using Gateway.EndToEnd.Tests.Peers;

namespace Gateway.EndToEnd.Tests.Outbox;

/// <summary>What the outbox commands say when they cannot.</summary>
public sealed class OutboxRefusalTests
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Fact]
    public async Task DataFolder_None_SaysThatNoGatewayRan()
    {
        await using var site = new OutboxSite();
        site.Configure("cloud");

        foreach (var arguments in (string[][])[["list"], ["show", "cloud.telemetry"], ["drop", "cloud.telemetry", "--yes"], ["repair"]])
        {
            var line = (await site.RunAsync(arguments)).Refusal();
            Assert.StartsWith($"edge-gateway: there is no data folder {site.Data}: no gateway has run", line, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(site.Data));
    }

    [Fact]
    public async Task Journal_Empty_IsAnEmptyOutboxAndStaysSo()
    {
        await using var site = new OutboxSite();
        site.Configure("cloud");
        Directory.CreateDirectory(site.Data);

        var list = await site.RunAsync("list");
        var drop = await site.RunAsync("drop", "cloud.telemetry", "--yes");

        Assert.Equal((0, $"the outbox of {site.Data} is empty: there is no stream yet"), (list.Code, Assert.Single(list.Output)));
        Assert.Contains("there is no stream cloud.telemetry, nor any other", drop.Refusal(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(site.Data));
    }

    [Fact]
    public async Task Socket_OfAnotherUser_SaysWhoMayAsk()
    {
        await using var site = new OutboxSite();
        File.SetUnixFileMode(site.Folder.Path, Everybody);
        await site.StartAsync("cloud");

        var line = (await site.RunAsAsync(GatewayCommand.AsNobody, "list")).Refusal();

        Assert.Contains("a gateway runs, and nobody may not open its control socket ", line, StringComparison.Ordinal);
        Assert.EndsWith("run it with sudo, or as a member of the group to which the socket belongs", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_OpenToEverybody_ListsAndNoMore()
    {
        await using var site = new OutboxSite();
        File.SetUnixFileMode(site.Folder.Path, Everybody);
        await site.StartAsync("cloud");
        await site.PublishAsync(1);
        File.SetUnixFileMode(Path.Combine(site.Gateway.RuntimeFolder, "control.sock"), Everybody | UnixFileMode.OtherWrite);

        Assert.Equal(0, (await site.RunAsAsync(GatewayCommand.AsNobody, "list")).Code);
        foreach (var arguments in (string[][])[["show", "cloud.telemetry"], ["drop", "cloud.telemetry", "--yes"], ["repair", "--check"]])
        {
            Assert.Contains("user 65534 may ask how the gateway is, but not this", (await site.RunAsAsync(GatewayCommand.AsNobody, arguments)).Refusal(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Journal_HeldByOneThatDoesNotAnswer_NamesIt()
    {
        await using var site = new OutboxSite();
        await site.StartAsync("cloud");
        File.Delete(Path.Combine(site.Gateway.RuntimeFolder, "control.sock"));

        var line = (await site.RunAsync("list")).Refusal();

        Assert.Contains($"{site.Data} is held by process {site.Gateway.Process.Id} (", line, StringComparison.Ordinal);
        Assert.Contains("which does not answer on ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journal_Newer_NamesTheFormat()
    {
        await using var site = new OutboxSite();
        await site.StartAsync("cloud");
        await site.PublishAsync(1);
        await site.Gateway.StopAsync();
        MakeNewer(Path.Combine(site.Data, "journal", "0000000000000001.seg"));

        var line = (await site.RunAsync("list")).Refusal();

        Assert.Contains("has format 99, this program reads up to ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outbox")]
    [InlineData("outbox", "show")]
    [InlineData("outbox", "show", "a.telemetry", "--limit", "many")]
    [InlineData("outbox", "nonsense")]
    public async Task WrongUsage_Is2(params string[] arguments)
    {
        var command = await GatewayCommand.RunAsync(arguments);

        Assert.Equal(2, command.Code);
        Assert.NotEmpty(command.Errors);
    }

    [Fact]
    public async Task Configuration_Broken_Is78()
    {
        await using var site = new OutboxSite();
        var path = site.Folder.Write("broken.yaml", "gateway: { idd: gw-1 }\n");

        foreach (var arguments in (string[][])[["list"], ["repair"], ["drop", "a.telemetry", "--yes"]])
        {
            var command = await GatewayCommand.RunAsync(["outbox", .. arguments, "--config", path]);
            Assert.Equal(78, command.Code);
            Assert.StartsWith($"{path}:1:12: ", command.Errors[0], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("list", "edge-gateway outbox list --json")]
    [InlineData("show", "edge-gateway outbox show cloud.telemetry --from")]
    [InlineData("export", "gw-1;cloud.telemetry;")]
    [InlineData("drop", "the members of its group")]
    [InlineData("repair", "quarantine/")]
    public async Task Help_Teaches(string name, string part)
    {
        var command = await GatewayCommand.RunAsync("outbox", name, "--help");

        Assert.Equal(0, command.Code);
        Assert.Contains(command.Output, l => l.Contains(part, StringComparison.Ordinal));
    }

    private static void MakeNewer(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 99);
        var sum = uint.MaxValue;
        foreach (var one in bytes.AsSpan(0, length - 4))
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(length - 4), sum);
        File.WriteAllBytes(path, bytes);
    }
}
