using Gateway.Hosting;
using Gateway.Identity;
using Gateway.Storage;
using Gateway.Users;

namespace Gateway.Backup;

/// <summary>Everything that makes a gateway this gateway, as one moment found it.</summary>
internal sealed class BackupSource : IDisposable
{
    private readonly JournalSnapshot _snapshot;

    private BackupSource(JournalSnapshot snapshot, string gateway, IReadOnlyList<BackupItem> items) => (_snapshot, Gateway, Items) = (snapshot, gateway, items);

    public string Gateway { get; }

    public IReadOnlyList<BackupItem> Items { get; }

    public long Bytes => Items.Sum(static i => i.Length);

    /// <param name="configuration">Names the data folder and the files of the configuration.</param>
    /// <param name="journal">The journal that is open on it.</param>
    /// <exception cref="IOException">Something cannot be read.</exception>
    /// <exception cref="JournalException">The journal cannot be written at the moment.</exception>
    public static async Task<BackupSource> TakeAsync(GatewayConfiguration configuration, OutboxAdministration journal)
    {
        var data = configuration.Gateway.Data;
        var snapshot = await journal.SnapshotAsync().ConfigureAwait(false);
        try
        {
            var identity = StoredIdentity.Read(data) ?? throw new IOException($"{data} has no {StoredIdentity.FileName}: no gateway has run on it yet, so there is nothing to back up");
            List<BackupItem> items = [BackupItem.Of(StoredIdentity.FileName, Path.Combine(data, StoredIdentity.FileName))];

            // Not the journal's mark: what it proves the manifest does, and what is restored gives no number of these epochs again.
            items.AddRange(Own(data).Where(File.Exists).Select(static path => BackupItem.Of(Path.GetFileName(path), path)));
            items.AddRange(Field(data));
            items.AddRange(Configuration(configuration));
            items.AddRange(snapshot.Segments.Select(s => BackupItem.Of(snapshot, s)));
            return new BackupSource(snapshot, configuration.Gateway.Id ?? identity.Id, items);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    public void Dispose() => _snapshot.Dispose();

    /// <summary>What the gateway keeps in its data folder beside its identity and the journal.</summary>
    private static string[] Own(string data)
    {
        var users = UsersFile.In(data);
        return [users, UsersFile.RolesBeside(users), FirstUser.PasswordFileIn(data), Path.Combine(data, LastGood.FileName)];
    }

    /// <summary>What adapters keep: counters of encrypted devices, airtime. As it is now: a gateway that runs writes into one of two slots, and the other is whole.</summary>
    private static IEnumerable<BackupItem> Field(string data)
    {
        var folder = Path.Combine(data, KeptStates.Folder);
        return !Directory.Exists(folder) ? []
            : Directory.EnumerateFiles(folder).Where(static path => KeptStates.IsState(Path.GetFileName(path))).Order(StringComparer.Ordinal)
                .Select(static path => BackupItem.Of($"{KeptStates.Folder}/{Path.GetFileName(path)}", path));
    }

    /// <summary>The files that were read, and those with users, roles and rights if they lie elsewhere. Keys, certificates and other secrets are not taken along.</summary>
    private static IEnumerable<BackupItem> Configuration(GatewayConfiguration configuration)
    {
        if (configuration.Files.Count == 0)
        {
            yield break;
        }

        var root = Path.GetDirectoryName(Path.GetFullPath(configuration.Files[0]))!;
        var users = configuration.Broker.PasswordFile;
        string?[] access = [users, users is null ? null : UsersFile.RolesBeside(users), configuration.Broker.AclFile];
        foreach (var path in configuration.Files.Concat(configuration.Templates.Select(t => t.Path)).Concat(access.OfType<string>()).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).Where(File.Exists))
        {
            var relative = Path.GetRelativePath(root, path);
            var name = relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFileName(path) : relative;
            yield return BackupItem.Of($"{BackupManifest.ConfigurationFolder}{name}", path);
        }
    }
}
