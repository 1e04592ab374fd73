using Gateway.Core;
using Gateway.Hosting;
using Gateway.Identity;
using Gateway.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Support;

/// <summary>A machine whose gateway is started again and again, on a disk that records and can fail: what adapters keep goes through all of it.</summary>
internal sealed class KeptBox : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("edge-gateway-kept-");
    private Guid _boot = Guid.NewGuid();
    private long _bootedAt;

    public KeptBox() => Start();

    public FakeTime Time { get; } = new();

    /// <summary>What the disk was asked for.</summary>
    public List<DiskOperation> Log { get; private set; } = [];

    public SimulatedDisk Disk { get; private set; } = null!;

    /// <summary>Whether the wall clock can be believed.</summary>
    public bool IsTrusted { get; set; } = true;

    public List<(string Kind, string Text, string Remedy)> Alerts { get; } = [];

    /// <summary>Of the gateway that runs now.</summary>
    public AdapterContext Context { get; private set; } = null!;

    public string Folder => System.IO.Path.Combine(_data.FullName, KeptStates.Folder);

    /// <summary>The process starts (again).</summary>
    /// <param name="machine">Another one: the folder was copied.</param>
    public AdapterContext Start(string machine = "here")
    {
        if (Disk is null)
        {
            Disk = new() { Log = Log };
        }

        var identity = StoredIdentity.Start(_data.FullName, null, machine);
        return Context = new(Time, NullLoggerFactory.Instance)
        {
            Kept = new KeptStates(Disk, _data.FullName, identity),
            Moment = () => new(Time.GetUtcNow(), IsTrusted, _boot, Time.GetElapsedTime(_bootedAt)),
            Alert = (kind, text, remedy) => Alerts.Add((kind, text, remedy)),
        };
    }

    /// <summary>The machine boots; the wall clock is what the machine thinks it is.</summary>
    public AdapterContext Boot(string machine = "here")
    {
        (_boot, _bootedAt) = (Guid.NewGuid(), Time.GetTimestamp());
        return Start(machine);
    }

    /// <summary>The power goes, now or at an earlier operation of the disk, and comes back.</summary>
    public AdapterContext CutPower(Random random, int? at = null)
    {
        var record = new List<DiskOperation>();
        Disk = SimulatedDisk.AfterPowerCut(Log, at ?? Log.Count, random, record);
        Log = record;
        return Boot();
    }

    public void Dispose() => _data.Delete(recursive: true);
}
