using System.Reflection;
using Gateway.Adapters.Heard;
using Gateway.Applying;
using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Core;
using Gateway.Hosting;
using Gateway.Identity;
using Gateway.Pipeline;
using Gateway.Storage;
using Gateway.Users;

namespace Gateway.Diagnostics;

/// <summary>Asks every part how it is.</summary>
internal sealed class StatusCollector(
    RunningConfiguration running,
    StoredIdentity identity,
    Field field,
    ReadingPipeline pipeline,
    LocalBroker broker,
    JournalHost storage,
    WearWatch wear,
    Bridges bridges,
    ClockTrust clock,
    TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public static string Version { get; } =
        typeof(StatusCollector).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public StatusReport Collect()
    {
        var linkSections = field.Links.Select(Describe).ToList();
        var deviceSections = pipeline.Devices.Select(Describe).ToList();
        var configuration = running.Section;
        var bridgeStatuses = bridges.Statuses;
        var storageSection = Describe(bridgeStatuses);
        var brokerStatus = broker.Status();
        var faults = Faults(configuration.InsteadOf, deviceSections, bridgeStatuses, storageSection, brokerStatus);
        var trusted = clock.IsTrusted;
        if (clock.WasNeverSet)
        {
            // First: certificates and time stamps go wrong because of it.
            faults.Insert(0, clock.Explanation);
        }

        return new StatusReport
        {
            State = faults.Count == 0 ? StatusReport.Ok : StatusReport.Degraded,
            Summary = faults.Count == 0 ? Well(deviceSections, bridgeStatuses.Count) : string.Join("; ", faults),
            Gateway = new GatewaySection(
                identity.Id, Version, storage.Folder, identity.Boot, (long)time.GetElapsedTime(_started).TotalSeconds,
                trusted ? "trusted" : "unsynced", trusted ? null : clock.Explanation),
            Configuration = configuration,
            Links = linkSections,
            Devices = deviceSections,
            Broker = Describe(brokerStatus, Access(brokerStatus)),
            Storage = storageSection,
            Bridges = [.. bridgeStatuses.Select(b => new BridgeSection(b.Id, b.State.ToString().ToLowerInvariant(), b.Server, b.Reason, b.Remedy))],
        };
    }

    private static string Well(List<DeviceSection> devices, int bridges)
    {
        var awaited = devices.Count(static d => d.Status == DeviceSection.Awaited);
        var online = devices.Count - awaited;
        return $"all well: {online} {(online == 1 ? "device" : "devices")} online, {(awaited > 0 ? $"{awaited} not heard yet, " : "")}{bridges} {(bridges == 1 ? "bridge" : "bridges")} connected";
    }

    private static List<string> Faults(
        string? insteadOf, List<DeviceSection> devices, IReadOnlyList<BridgeStatus> bridges, StorageSection storage, BrokerStatus broker)
    {
        List<string> faults = insteadOf is null ? [] : [insteadOf];
        if (storage.State != StatusReport.Ok)
        {
            faults.Add($"storage: {storage.Text}");
        }

        faults.AddRange(broker.Access.Where(n => n.IsFault).Select(n => n.Text));
        var away = devices.Where(d => d.Status is not (DeviceSection.Online or DeviceSection.Awaited)).Select(d => d.Id).ToList();
        if (away.Count > 0)
        {
            faults.Add($"{away.Count} of {devices.Count} devices not online ({string.Join(", ", away.Take(3))}{(away.Count > 3 ? ", …" : "")})");
        }

        faults.AddRange(bridges.Where(b => b.State != BridgeState.Connected).Select(b => $"bridge {b.Id} {b.State.ToString().ToLowerInvariant()}{(b.Reason is null ? "" : $": {b.Reason}")}"));
        return faults;
    }

    private static LinkSection Describe(LinkRunner link)
    {
        var (options, status) = (link.Options, link.Status);
        var unknown = (link.Adapter as IHearsStrangers)?.Strangers.Select(static s => new StrangerSection(s.Address, s.Name, s.Decoder, s.Rssi, s.Count)).ToList();
        return new(options.Id, options.Type, options.Address, status.Connected, status.Text, status.Remedy, unknown is { Count: > 0 } ? unknown : null);
    }

    private static DeviceSection Describe(DeviceChannel device) => new(
        device.Options.Id,
        device.Options.Link.Id,
        device.State is { } state ? DeviceChannel.StatusText(state) : device.Options.Address.SpeaksByItself ? DeviceSection.Awaited : "unknown",
        device.State is null ? null : device.Since,
        device.State?.Reason,
        device.State?.Remedy,
        device.Options.Address.ToString(),
        device.Options.FoundBy,
        device.Options is { FoundBy: not null, Address.Keys: { } keys } ? $"{{ id: {device.Options.Id}, link: {device.Options.Link.Id}, {keys} }}" : null);

    private List<NoticeSection> Access(BrokerStatus status)
    {
        var notices = status.Access.Select(n => new NoticeSection(n.Text, n.Remedy)).ToList();
        if (FirstUser.PasswordFileIn(storage.Folder) is var file && File.Exists(file))
        {
            notices.Add(new($"the first password, of the user {FirstUser.Name}, is in {file}", $"change it: edge-gateway user passwd {FirstUser.Name}"));
        }

        return notices;
    }

    private static BrokerSection Describe(BrokerStatus status, List<NoticeSection> access) => new(
        [.. status.Listeners.Select(l => l.ToString())],
        status.ClientsConnected,
        status.Sessions,
        status.RetainedMessages,
        status.QueuedBytes,
        status.Received,
        status.Sent,
        status.Dropped.Where(d => d.Value > 0).ToDictionary(d => d.Key.Name(), d => d.Value),
        access);

    private StorageSection Describe(IReadOnlyList<BridgeStatus> bridges) => new(
        storage.Condition,
        storage.Problem,
        storage.BytesOnDisk,
        wear.Section,
        [.. bridges.SelectMany(b => b.Lanes).Select(Describe)]);

    private static StreamSection Describe(LaneStatus lane)
    {
        var epochs = lane.Epochs.Select(e => new EpochSection($"{e.Epoch:x16}", e.Oldest, e.Next, e.Dropped)).ToList();
        var current = epochs[0];
        return new StreamSection(
            $"{lane.Stream}", lane.Waiting, lane.Bytes, current.Epoch, current.Oldest, current.Next, current.Dropped, epochs.Count > 1 ? epochs[1..] : null);
    }
}
