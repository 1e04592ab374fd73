using System.Net;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Simulators;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Certificates that do not fit: told in words, and nothing is read.</summary>
public sealed class ModbusTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tls").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Connect_DeviceOfAnotherAuthority_IsRefused()
    {
        using var own = new PlantCertificates(Folder("own"));
        using var foreign = new PlantCertificates(Folder("foreign"), authority: "somebody else");
        await AssertDownAsync(foreign, own.Files, "TLS: the server's certificate is signed by \"somebody else\"");
    }

    [Fact]
    public async Task Connect_WithoutACertificate_IsRefusedByTheDevice()
    {
        using var plant = new PlantCertificates(Folder("plant"));
        await AssertDownAsync(plant, new TlsFiles(plant.Files.Ca), "connection");
    }

    [Fact]
    public async Task Connect_FileIsMissing_SaysWhich()
    {
        using var plant = new PlantCertificates(Folder("plant"));
        await AssertDownAsync(plant, plant.Files with { Key = "/none/gw.key" }, "/none/gw.key");
    }

    private async Task AssertDownAsync(PlantCertificates device, TlsFiles files, string reason)
    {
        await using var server = ModbusTcpServer.Start(new(IPAddress.Loopback, 0), tls: device.Server);
        server.Unit(1);
        var link = new ModbusTlsOptions("line", default) { Host = "127.0.0.1", Port = server.Endpoint.Port, Tls = files, Timeout = TimeSpan.FromSeconds(5) };
        await using var adapter = new ModbusTlsType().Create(link, [TestMap.Device(link, "device", 1, TestMap.Holding(1))], TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var sink = new RecordingSink();
        var running = adapter.RunAsync(sink, stop.Token);
        await sink.StateAsync("device", s => !s.Online && s.Reason!.Contains(reason, StringComparison.Ordinal) && s.Remedy!.Length > 0);
        Assert.DoesNotContain(sink.Readings, r => r.Quality == Quality.Good);
        await stop.CancelAsync();
        await running;
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
}
