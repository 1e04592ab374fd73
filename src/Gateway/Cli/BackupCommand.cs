using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using Gateway.Backup;
using Gateway.Core;
using Gateway.OutboxControl;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary><c>edge-gateway backup</c>.</summary>
internal static class BackupCommand
{
    private const string Meaning = """
        Writes everything that makes this gateway itself into one archive: identity, users, queues, configuration.

        Users come with their roles, and the configuration with the last good one. Counters of encrypted devices are in it, too, and what LoRa
        has sent within the last hour.

        It does not stop the gateway: while it runs, it is asked through its control socket and goes on taking, sending and acknowledging. What
        was acknowledged before the backup is in it; otherwise the command reads the data folder itself. Only root, the gateway's own user, and
        members of its group may.

        FILE is a tar archive, compressed if its name ends with .gz. It is replaced at once when all is written and has been read back and
        checked, and only its owner may read it (0600): payloads, password hashes and the installer's first password are in it. Certificates,
        private keys and other secrets that the configuration names by file, environment or credential are not.

        Bring it back with edge-gateway restore FILE.

          edge-gateway backup /mnt/stick/gw-1.tar.gz
          edge-gateway backup gw-1.tar --json
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var file = new Argument<string>("FILE") { Description = "The archive to write: gw-1.tar, or gw-1.tar.gz." };
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("backup", Meaning) { file, config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var session = new OutboxSession(parsed, config, catalog);
            return session.RunAsync(
                async (configuration, stop) =>
                {
                    var path = parsed.GetValue(file)!;
                    var manifest = await WriteAsync(configuration, path, session.Error, stop).ConfigureAwait(false);
                    var report = BackupReport.Of(path, manifest, configuration.Gateway.Data);
                    session.Output.WriteLine(parsed.GetValue(json)
                        ? JsonSerializer.Serialize(report, BackupJson.Default.BackupReport)
                        : $"{report.Gateway} is backed up in {report.Archive}: {report.Files} files, {Words.Bytes(report.Bytes)}, read back and right");
                    return ExitCode.Done;
                },
                cancellation);
        });
        return command;
    }

    private static async Task<BackupManifest> WriteAsync(GatewayConfiguration configuration, string path, TextWriter error, CancellationToken cancellation)
    {
        using var file = new AtomicFile(path);
        if (BackupReader.IsCompressed(path))
        {
            await using var compressed = new GZipStream(file.Stream, CompressionLevel.Fastest, leaveOpen: true);
            await CollectAsync(configuration, compressed, error, cancellation).ConfigureAwait(false);
        }
        else
        {
            await CollectAsync(configuration, file.Stream, error, cancellation).ConfigureAwait(false);
        }

        // An answer that broke off shows here, and a disk that does not keep what it is given, too.
        await file.Stream.FlushAsync(cancellation).ConfigureAwait(false);
        var checking = new ByteProgress("checked", error, 0);
        var manifest = await BackupReader.ReadAsync(file.Temporary, BackupReader.IsCompressed(path), take: null, checking.Report, cancellation).ConfigureAwait(false);
        file.Publish();
        return manifest;
    }

    private static async Task CollectAsync(GatewayConfiguration configuration, Stream output, TextWriter error, CancellationToken cancellation)
    {
        var (client, denied) = await ControlClient.FindAsync(configuration.Gateway.Data, cancellation).ConfigureAwait(false);
        if (client is not null)
        {
            using (client)
            {
                await client.ReadAsync(
                    BackupRoute.Path,
                    async (input, length) =>
                    {
                        await using var counted = new CountingStream(output, new ByteProgress("written", error, length).Report);
                        await input.CopyToAsync(counted, cancellation).ConfigureAwait(false);
                    },
                    cancellation).ConfigureAwait(false);
            }

            return;
        }

        await using var journal = OfflineJournal.Open(configuration, writes: false, denied);
        using var source = await BackupSource.TakeAsync(configuration, journal.Administration).ConfigureAwait(false);
        await using var direct = new CountingStream(output, new ByteProgress("written", error, source.Bytes).Report);
        await BackupWriter.WriteAsync(direct, source, TimeProvider.System.GetUtcNow(), cancellation).ConfigureAwait(false);
    }
}
