using System.Text.Json.Serialization;

namespace Gateway.Backup;

/// <summary>The last file of an archive, <c>manifest.json</c>: what is in it. An archive without it is not complete.</summary>
/// <param name="Format">1. A newer one is refused.</param>
/// <param name="Created">When it was made, UTC.</param>
/// <param name="Gateway">The gateway's id.</param>
/// <param name="Version">The program that made it.</param>
/// <param name="Files">All others, in their order.</param>
internal sealed record BackupManifest(int Format, DateTimeOffset Created, string Gateway, string Version, IReadOnlyList<BackedUpFile> Files)
{
    public const int CurrentFormat = 1;

    public const string FileName = "manifest.json";

    public const string JournalFolder = "journal/";

    public const string ConfigurationFolder = "configuration/";

    /// <summary>Bytes of all files.</summary>
    [JsonIgnore]
    public long Bytes => Files.Sum(static f => f.Length);
}

/// <param name="Name">With <c>/</c> between folders.</param>
/// <param name="Length">Bytes in the archive.</param>
/// <param name="Size">Bytes that the restored file must have: zeros follow.</param>
/// <param name="Sha256">Of what is in the archive, in hexadecimal.</param>
internal sealed record BackedUpFile(string Name, long Length, long Size, string Sha256);

/// <summary>What came of a backup or a restore.</summary>
/// <param name="Archive">The archive.</param>
/// <param name="Gateway">Whose it is.</param>
/// <param name="Created">When it was made, UTC.</param>
/// <param name="Files">How many files are in it.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="Data">The data folder.</param>
/// <param name="MovedTo">Where what was there is now; null: nothing was.</param>
internal sealed record BackupReport(string Archive, string Gateway, DateTimeOffset Created, int Files, long Bytes, string Data, string? MovedTo)
{
    public static BackupReport Of(string archive, BackupManifest manifest, string data, string? movedTo = null) =>
        new(Path.GetFullPath(archive), manifest.Gateway, manifest.Created, manifest.Files.Count, manifest.Bytes, data, movedTo);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupReport))]
internal sealed partial class BackupJson : JsonSerializerContext;
