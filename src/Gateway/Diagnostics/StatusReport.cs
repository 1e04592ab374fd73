using System.Text.Json.Serialization;

namespace Gateway.Diagnostics;

/// <summary>Everything that the gateway is doing now, for <c>status</c>, systemd and the health topic.</summary>
internal sealed record StatusReport
{
    /// <summary>ok or degraded.</summary>
    public required string State { get; init; }

    /// <summary>One line for people.</summary>
    public required string Summary { get; init; }

    public required GatewaySection Gateway { get; init; }

    public required ConfigurationSection Configuration { get; init; }

    public required IReadOnlyList<LinkSection> Links { get; init; }

    public required IReadOnlyList<DeviceSection> Devices { get; init; }

    public required BrokerSection Broker { get; init; }

    public required StorageSection Storage { get; init; }

    public required IReadOnlyList<BridgeSection> Bridges { get; init; }

    [JsonIgnore]
    public bool IsOk => State == Ok;

    public const string Ok = "ok";

    public const string Degraded = "degraded";
}

/// <param name="Id">The gateway's id.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Data">Its data folder.</param>
/// <param name="Boot">How often it was started.</param>
/// <param name="UptimeSeconds">Since this start.</param>
/// <param name="Clock">trusted or unsynced.</param>
/// <param name="Remedy">What to do about the clock; null: nothing.</param>
internal sealed record GatewaySection(string Id, string Version, string Data, int Boot, long UptimeSeconds, string Clock, string? Remedy);

/// <param name="File">Its first file.</param>
/// <param name="Since">Since when it runs, UTC.</param>
/// <param name="From">Where it came from: the start, or an apply.</param>
/// <param name="OnTrial">The file of another one that runs on trial in its place; null: none does.</param>
/// <param name="InsteadOf">Why it runs instead of the one that the file holds; null: it does not.</param>
/// <param name="WatchedUntil">When that trial ends, UTC.</param>
/// <param name="RolledBack">What became of the last trial, if it was rolled back.</param>
internal sealed record ConfigurationSection(
    string File, DateTimeOffset Since, string From, string? OnTrial, string? InsteadOf, DateTimeOffset? WatchedUntil = null, string? RolledBack = null);

/// <param name="Id">The link's id.</param>
/// <param name="Type">Its protocol.</param>
/// <param name="Address">Where it leads.</param>
/// <param name="Connected">Whether the line is up.</param>
/// <param name="Text">State, since when or next try, and the reason.</param>
/// <param name="Remedy">What to do; null: nothing.</param>
/// <param name="Unknown">Who else is heard on it, latest heard last; null: nobody, or it is not listened for.</param>
internal sealed record LinkSection(string Id, string Type, string Address, bool Connected, string Text, string? Remedy = null, IReadOnlyList<StrangerSection>? Unknown = null);

/// <param name="Address">Address or number, as one would write it in <c>devices</c> or in <c>unknown: allow</c>.</param>
/// <param name="Name">What it calls itself; null: it does not say.</param>
/// <param name="Decoder">Who understands it; null: nobody known, or the link's.</param>
/// <param name="Rssi">dBm; null: not told.</param>
/// <param name="Heard">How often.</param>
internal sealed record StrangerSection(string Address, string? Name, string? Decoder, int? Rssi, long Heard);

/// <param name="Id">The device's id.</param>
/// <param name="Link">Its link.</param>
/// <param name="Status">online, offline, unknown; or awaited: it speaks by itself, and has not since the start, or since its link began anew.</param>
/// <param name="Since">When that began; null: not yet known.</param>
/// <param name="Reason">Why it is offline.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Address">The device on its link, as people write it; null: the gateway that answers is too old to say.</param>
/// <param name="FoundBy">It is not in the configuration, and was let in by this pattern of its link; null: it is.</param>
/// <param name="Yaml">With <paramref name="FoundBy"/>: the entry of devices that makes it one of the configuration's, under an id of one's own.</param>
internal sealed record DeviceSection(
    string Id, string Link, string Status, DateTimeOffset? Since, string? Reason, string? Remedy, string? Address = null, string? FoundBy = null, string? Yaml = null)
{
    public const string Online = "online";

    public const string Awaited = "awaited";
}

/// <param name="Listeners">Addresses on which MQTT is accepted.</param>
/// <param name="Clients">Connected now.</param>
/// <param name="Sessions">Sessions, connected or not.</param>
/// <param name="Retained">Retained messages.</param>
/// <param name="QueuedBytes">Bytes in all clients' queues.</param>
/// <param name="Received">PUBLISH packets from clients since the start.</param>
/// <param name="Sent">PUBLISH packets to clients since the start.</param>
/// <param name="Dropped">Drops since the start, by reason; reasons without drops are left out.</param>
/// <param name="Access">What there is to say about who gets in.</param>
internal sealed record BrokerSection(
    IReadOnlyList<string> Listeners, int Clients, int Sessions, int Retained, long QueuedBytes, long Received, long Sent, IReadOnlyDictionary<string, long> Dropped,
    IReadOnlyList<NoticeSection> Access);

/// <param name="Text">What is the matter.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record NoticeSection(string Text, string Remedy);

/// <param name="State">ok, full, failed, or damaged: since this start something could not be read.</param>
/// <param name="Text">For people: what is wrong; null: nothing.</param>
/// <param name="Bytes">Bytes on disk.</param>
/// <param name="Wear">What it costs the card; null: the gateway that answers is too old to say.</param>
/// <param name="Streams">The queues.</param>
internal sealed record StorageSection(string State, string? Text, long Bytes, WearSection? Wear, IReadOnlyList<StreamSection> Streams);

/// <param name="Stream"><c>bridge.lane</c>.</param>
/// <param name="Waiting">Entries that upstream has not acknowledged.</param>
/// <param name="Bytes">Bytes they take.</param>
/// <param name="Epoch">Its current epoch, in 16 hex digits.</param>
/// <param name="Oldest">Number of the oldest of this epoch that waits.</param>
/// <param name="Next">Number of the next.</param>
/// <param name="Dropped">Entries of this epoch in gaps.</param>
/// <param name="Previous">Epochs before it, newest first, until they are long done; null: none.</param>
internal sealed record StreamSection(
    string Stream, ulong Waiting, long Bytes, string Epoch, ulong Oldest, ulong Next, ulong Dropped, IReadOnlyList<EpochSection>? Previous);

/// <param name="Epoch">In 16 hex digits.</param>
/// <param name="Oldest">Number of its oldest entry that waits; equals <paramref name="Next"/> when none does.</param>
/// <param name="Next">The number after its last.</param>
/// <param name="Dropped">Its entries in gaps.</param>
internal sealed record EpochSection(string Epoch, ulong Oldest, ulong Next, ulong Dropped);

/// <param name="Id">The bridge's id.</param>
/// <param name="State">Its state.</param>
/// <param name="Server">The server it is connected to, or tries; null: none yet.</param>
/// <param name="Text">What is wrong; null: nothing.</param>
/// <param name="Remedy">What to do; null: nothing.</param>
internal sealed record BridgeSection(string Id, string State, string? Server, string? Text, string? Remedy);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
