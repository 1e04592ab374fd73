using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Faults;

/// <summary>Local faults that do not heal by waiting: exit 1, and one line that names the holder or the remedy.</summary>
public sealed class StartFaultTests : IDisposable
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TempFolder _folder = new();

    public StartFaultTests() => File.SetUnixFileMode(_folder.Path, Everybody);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Port_InUse_NamesTheProcess()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var line = await RefusalAsync(Configuration(port));

        Assert.Contains($"port {port} is in use by ", line, StringComparison.Ordinal);
        Assert.Contains($"(pid {Environment.ProcessId}); stop it", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_OfAnotherUser_NamesTheRemedy()
    {
        Directory.CreateDirectory(_folder.Of("data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var line = await RefusalAsync(Configuration(), GatewayCommand.AsNobody);

        Assert.Contains("denied", line, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith($"chown -R nobody {_folder.Of("data")}", line, StringComparison.Ordinal);
    }

    /// <summary>Somebody tried it once with sudo.</summary>
    [Fact]
    public async Task DataFolder_WithFilesOfAnotherUser_NamesTheRemedy()
    {
        await using (var once = new GatewayProcess(_folder, Configuration()))
        {
            await once.StartAsync();
            Assert.Equal(0, await once.StopAsync());
        }

        var (code, output) = await ChildProcess.RunAsync("chown", "nobody", _folder.Of("data"), _folder.Of("data/journal"));
        Assert.True(code == 0, output);

        var line = await RefusalAsync(Configuration(), GatewayCommand.AsNobody);

        Assert.Contains(_folder.Of("data/journal/lock"), line, StringComparison.Ordinal);
        Assert.EndsWith($"chown -R nobody {_folder.Of("data")}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_ThatCannotBeMade_NamesTheRemedy()
    {
        var line = await RefusalAsync(Configuration(), GatewayCommand.AsNobody);

        Assert.Contains(_folder.Of("data"), line, StringComparison.Ordinal);
        Assert.Contains("chown", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_ReadOnly_SaysSo()
    {
        await using var disk = await SmallDisk.MountAsync(_folder, "data", "40m");
        await disk.RemountAsync("ro");

        Assert.Contains("Read-only file system", await RefusalAsync(Configuration()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_HeldByAnotherGateway_NamesTheProcess()
    {
        await using var first = new GatewayProcess(_folder, Configuration());
        await first.StartAsync();

        var line = await RefusalAsync(Configuration());

        Assert.Contains($"is held by process {first.Process.Id} (edge-gateway): stop that one first", line, StringComparison.Ordinal);
        Assert.Equal(0, await first.StopAsync());
    }

    [Theory]
    [InlineData("tls: { ca: missing.crt }", "missing.crt")]
    [InlineData("tls: { ca: empty.crt }", "empty.crt holds no certificate")]
    [InlineData("tls: { certificate: missing.crt, key: missing.key }", "missing.crt")]
    [InlineData("username: u, password: { file: missing.secret }", "missing.secret")]
    [InlineData("username: u, password: { env: EDGE_GATEWAY_NO_SUCH }", "EDGE_GATEWAY_NO_SUCH is not set")]
    [InlineData("username: u, password: { credential: cloud }", "LoadCredential=cloud:")]
    public async Task Bridge_FileNotThere_NamesFileAndRemedy(string keys, string expected)
    {
        _folder.Write("empty.crt", "");

        var line = await RefusalAsync(Configuration(bridge: keys));

        Assert.Contains("bridge cloud: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Contains("; correct its ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bridge_SecretOfAnotherUser_NamesFileAndUser()
    {
        File.SetUnixFileMode(_folder.Write("secret", "x"), UnixFileMode.UserRead);

        var line = await RefusalAsync(Configuration(bridge: "username: u, password: { file: secret }"), GatewayCommand.AsNobody);

        Assert.Contains(_folder.Of("secret"), line, StringComparison.Ordinal);
        Assert.EndsWith("readable by nobody", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journal_OfANewerFormat_IsLeftAlone()
    {
        Directory.CreateDirectory(_folder.Of("data/journal"));
        var segment = _folder.Of("data/journal/00000000000000000001.seg");
        File.WriteAllBytes(segment, HeaderOfFormat99());

        var line = await RefusalAsync(Configuration());

        Assert.Contains($"{segment} has format 99, this program reads up to ", line, StringComparison.Ordinal);
        Assert.Contains(": install the newer version again", line, StringComparison.Ordinal);
        Assert.Equal(HeaderOfFormat99(), File.ReadAllBytes(segment));
    }

    [Fact]
    public async Task Users_FileNotThere_NamesFileAndRemedy()
    {
        var yaml = $"gateway: {{ id: gw-1, data: data }}\nbroker: {{ password-file: users, listeners: [{{ bind: 127.0.0.1, port: {Ports.Free()} }}] }}\n";

        Assert.Contains(_folder.Of("users"), await RefusalAsync(yaml), StringComparison.Ordinal);
    }

    /// <summary>What stays as it is in all formats to come: magic, version, length, CRC32C at the end of that length.</summary>
    private static byte[] HeaderOfFormat99()
    {
        var header = new byte[4096];
        "EGWJRNL\0"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), 99);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), 76);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(72), header[..72].Aggregate(uint.MaxValue, BitOperations.Crc32C));
        return header;
    }

    private static string Configuration(int? port = null, string? bridge = null) => $$"""
        gateway: { id: gw-1, data: data }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{port ?? Ports.Free()}} }] }
        {{(bridge is null ? "" : $"bridges: [{{ id: cloud, servers: [\"mqtts://127.0.0.1:8883\"], forward: [standard], {bridge} }}]")}}

        """;

    private async Task<string> RefusalAsync(string yaml, params string[] launcher) =>
        (await GatewayCommand.RunAsync(launcher, ["run", "--config", _folder.Write("second.yaml", yaml)])).Refusal();
}
