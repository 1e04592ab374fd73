using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class OutboxOnSimulatedDiskTests : OutboxContract
{
    internal override JournalHarness Harness() => new("/data", new SimulatedDisk());
}

public sealed class OutboxOnRealDiskTests : OutboxContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    internal override JournalHarness Harness() => new(_folder, new DiskFiles());

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
