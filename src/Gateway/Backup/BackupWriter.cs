using System.Formats.Tar;
using System.Text.Json;
using Gateway.Diagnostics;

namespace Gateway.Backup;

/// <summary>Writes an archive: a tar file, the manifest last.</summary>
internal static class BackupWriter
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task WriteAsync(Stream output, BackupSource source, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        var files = new List<BackedUpFile>(source.Items.Count);
        foreach (var item in source.Items)
        {
            await using var content = new HashingStream(item.Open());
            await WriteAsync(tar, item.Name, content, now, cancellation).ConfigureAwait(false);
            if (content.Bytes != item.Length)
            {
                throw new IOException($"{item.Name} has {content.Bytes} bytes instead of {item.Length}: somebody else changes the data folder");
            }

            files.Add(new BackedUpFile(item.Name, item.Length, item.Size, content.Sha256()));
        }

        var manifest = new BackupManifest(BackupManifest.CurrentFormat, now, source.Gateway, StatusCollector.Version, files);
        using var last = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        await WriteAsync(tar, BackupManifest.FileName, last, now, cancellation).ConfigureAwait(false);
    }

    private static Task WriteAsync(TarWriter tar, string name, Stream content, DateTimeOffset now, CancellationToken cancellation) =>
        tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, ModificationTime = now, Mode = Mode }, cancellation);
}
