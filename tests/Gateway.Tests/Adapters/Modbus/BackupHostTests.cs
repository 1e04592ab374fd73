using System.Net;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>A second device takes over, over real sockets.</summary>
public class BackupHostTests
{
    [Fact]
    public async Task Poll_HostGoes_TheBackupIsReadAndStatusSaysSo()
    {
        var host = ModbusTcpServer.Start();
        await using var backup = ModbusTcpServer.Start(new(IPAddress.Loopback, 0));
        host.Unit(1).SetRegister(RegisterSpace.Holding, 1, 1);
        backup.Unit(1).SetRegister(RegisterSpace.Holding, 1, 2);
        await using var adapter = RunningAdapter.Start(
            host,
            link => [TestMap.Device(link, "device", 1, TestMap.Holding(1))],
            link => link with { BackupHost = "127.0.0.1", BackupPort = backup.Endpoint.Port });
        await adapter.Sink.ReadingAsync("h1", r => r.Quality == Quality.Good && r.Value.Exact == 1);
        Assert.Null(adapter.Adapter.Status.Remedy);

        await host.DisposeAsync();
        await adapter.Sink.ReadingAsync("h1", r => r.Quality == Quality.Good && r.Value.Exact == 2);
        var status = adapter.Adapter.Status;
        Assert.True(status.Connected);
        Assert.Contains($"the backup 127.0.0.1:{backup.Endpoint.Port} serves, because 127.0.0.1 does not: connection refused", status.Text, StringComparison.Ordinal);
        Assert.NotNull(status.Remedy);
    }

    [Fact]
    public async Task Poll_HostTakesConnectionsAndAnswersNothing_TheBackupIsRead()
    {
        var host = ModbusTcpServer.Start();
        await using var backup = ModbusTcpServer.Start();
        host.Unit(1);
        host.Faults.Always(1, new(FaultKind.Silence));
        backup.Unit(1).SetRegister(RegisterSpace.Holding, 1, 2);
        await using var adapter = RunningAdapter.Start(
            host,
            link => [TestMap.Device(link, "device", 1, TestMap.Holding(1))],
            link => link with { BackupHost = "127.0.0.1", BackupPort = backup.Endpoint.Port, Timeout = ThreeReads.Deadline, DegradeAfter = 100 });
        await adapter.Sink.ReadingAsync("h1", r => r.Quality == Quality.Good && r.Value.Exact == 2);
        Assert.Contains("does not: timeout", adapter.Adapter.Status.Text, StringComparison.Ordinal);
    }
}
