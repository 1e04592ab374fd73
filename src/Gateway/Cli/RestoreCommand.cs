using System.CommandLine;
using System.Text.Json;
using Gateway.Backup;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway restore</c>.</summary>
internal static class RestoreCommand
{
    private const string Meaning = """
        Brings a backup back: identity, users, queues and counters, as they were when it was made.

        The archive is unpacked beside the data folder and checked byte for byte before anything there changes. A gateway that works on the
        folder must be stopped first. A folder that is not empty is refused; with --force what is in it is moved aside, to FOLDER.before-TIME,
        and never deleted.

        At its next start the gateway sends what was queued with the identities that it had then, so that a backend sees what it has already
        as duplicates; new messages have a new epoch, and an alert says so. Never run it beside the one that was backed up. Alerts also tell
        what a backup cannot know: what encrypted devices sent since then could be played back until each is heard again, and where a region
        limits airtime, LoRa sends nothing for an hour.

        The configuration that was backed up is put into the data folder, as configuration/: compare it with the one in use, and copy what is
        wanted. Keys and other secrets are not in a backup. What root restores into a folder of another user belongs to that user.

          edge-gateway restore /mnt/stick/gw-1.tar.gz
          edge-gateway restore gw-1.tar --data /var/lib/edge-gateway --force
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var file = new Argument<string>("FILE") { Description = "The archive that edge-gateway backup wrote." };
        var data = new Option<string?>("--data") { Description = "The data folder; without it, the one that the configuration names.", HelpName = "FOLDER" };
        var force = new Option<bool>("--force") { Description = "Move aside what is in the data folder." };
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("restore", Meaning) { file, data, force, config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var session = new OutboxSession(parsed, config, catalog);
            Task<int> Restore(string folder, CancellationToken stop) =>
                RestoreAsync(parsed.GetValue(file)!, folder, parsed.GetValue(force), parsed.GetValue(json), session, stop);
            return parsed.GetValue(data) is { } folder
                ? session.GuardAsync(stop => Restore(folder, stop), cancellation)
                : session.RunAsync((configuration, stop) => Restore(configuration.Gateway.Data, stop), cancellation);
        });
        return command;
    }

    private static async Task<int> RestoreAsync(string archive, string data, bool force, bool json, OutboxSession session, CancellationToken cancellation)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data));
        var restoration = new Restoration(archive, folder, new ByteProgress("unpacked", session.Error, 0).Report);
        var manifest = await restoration.RunAsync(force, TimeProvider.System.GetUtcNow(), cancellation).ConfigureAwait(false);
        var report = BackupReport.Of(archive, manifest, folder, restoration.MovedTo);
        if (json)
        {
            session.Output.WriteLine(JsonSerializer.Serialize(report, BackupJson.Default.BackupReport));
            return ExitCode.Done;
        }

        session.Output.WriteLine($"{report.Gateway} of {report.Created.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC is restored in {report.Data}: {report.Files} files, {Words.Bytes(report.Bytes)}");
        if (report.MovedTo is { } moved)
        {
            session.Output.WriteLine($"what was there is in {moved}");
        }

        session.Output.WriteLine("never run it beside the gateway that was backed up; start it with systemctl start edge-gateway");
        return ExitCode.Done;
    }
}
