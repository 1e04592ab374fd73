using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Identity;

namespace Gateway.Backup;

/// <summary>Reads an archive from its beginning to its manifest, and checks that everything is as it was written.</summary>
internal static partial class BackupReader
{
    /// <summary>No manifest is longer: it names a segment in 150 bytes.</summary>
    private const int LongestManifest = 64 << 20;

    /// <summary>Whether the archive is compressed, by its name.</summary>
    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);

    /// <param name="path">The archive.</param>
    /// <param name="isCompressed">Whether it is compressed, see <see cref="IsCompressed"/>.</param>
    /// <param name="take">Gets each file's name and content, before it is known whether they are right; null: it is only checked.</param>
    /// <param name="progress">Gets the bytes so far.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">It cannot be read, is not complete, or something in it has changed.</exception>
    public static async Task<BackupManifest> ReadAsync(
        string path, bool isCompressed, Func<string, Stream, Task>? take, Action<long> progress, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(path);
            await using var plain = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            await using var tar = new TarReader(plain);
            return await ReadAsync(tar, path, take, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or JsonException)
        {
            throw new IOException($"{path} cannot be read as a backup: {e.Message.TrimEnd('.')}; use another one", e);
        }
    }

    private static async Task<BackupManifest> ReadAsync(TarReader tar, string path, Func<string, Stream, Task>? take, Action<long> progress, CancellationToken cancellation)
    {
        var found = new List<(string Name, long Length, string Sha256)>();
        var bytes = 0L;
        while (await tar.GetNextEntryAsync(copyData: false, cancellation).ConfigureAwait(false) is { } entry)
        {
            if (entry.Name == BackupManifest.FileName)
            {
                return Check(Manifest(entry, path), found, path);
            }

            if (!IsKnown(entry))
            {
                throw new IOException($"{path} holds {entry.Name}, which no backup does: it was made or changed by something else");
            }

            using var content = new HashingStream(entry.DataStream ?? Stream.Null);
            if (take is not null)
            {
                await take(entry.Name, content).ConfigureAwait(false);
            }

            await content.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
            found.Add((entry.Name, content.Bytes, content.Sha256()));
            progress(bytes += content.Bytes);
        }

        throw new IOException($"{path} is not complete: its end is missing; use another backup");
    }

    private static BackupManifest Manifest(TarEntry entry, string path)
    {
        if (entry.Length > LongestManifest || entry.DataStream is null || JsonSerializer.Deserialize(entry.DataStream, BackupJson.Default.BackupManifest) is not { } manifest)
        {
            throw new IOException($"{path} has a manifest that cannot be read; use another backup");
        }

        return manifest.Format <= BackupManifest.CurrentFormat ? manifest
            : throw new IOException($"{path} was made by version {manifest.Version} in a format that this program does not know: install that version");
    }

    private static BackupManifest Check(BackupManifest manifest, List<(string Name, long Length, string Sha256)> found, string path)
    {
        var wanted = manifest.Files.Select(static f => (f.Name, f.Length, f.Sha256)).ToList();
        if (found.Except(wanted).Concat(wanted.Except(found)).FirstOrDefault() is { Name: { } name })
        {
            throw new IOException($"{path} is damaged: {name} is not what was backed up; use another backup");
        }

        return found.Exists(static f => f.Name == StoredIdentity.FileName) ? manifest : throw new IOException($"{path} holds no {StoredIdentity.FileName}: it is no backup of a gateway");
    }

    private static bool IsKnown(TarEntry entry) =>
        entry.EntryType == TarEntryType.RegularFile && KnownName().IsMatch(entry.Name) && !entry.Name.Split('/').Contains("..");

    [GeneratedRegex(@"^(identity\.json|users(\.roles)?|installer-password|last-good\.json|journal/[0-9a-z-]+\.seg|field/[a-z-]+|configuration/[^/\x00-\x1f]+(/[^/\x00-\x1f]+)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex KnownName();
}
