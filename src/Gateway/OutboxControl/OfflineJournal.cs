using Gateway.Core;
using Gateway.Hosting;
using Gateway.Identity;
using Gateway.Storage;
using Gateway.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.OutboxControl;

/// <summary>The journal of a gateway that does not run, held by this process. Who only looks changes nothing on disk.</summary>
internal sealed class OfflineJournal : IAsyncDisposable
{
    private readonly Journal _journal;
    private readonly StorageMetrics _metrics;

    private OfflineJournal(Journal journal, StorageMetrics metrics, LocalOutbox outbox) => (_journal, _metrics, Outbox) = (journal, metrics, outbox);

    public LocalOutbox Outbox { get; }

    public OutboxAdministration Administration => _journal.Administration;

    /// <param name="configuration">Names the data folder and the bridges.</param>
    /// <param name="writes">Something shall be changed.</param>
    /// <param name="denied">A control socket that this user may not open; null: none was found.</param>
    /// <exception cref="ControlException">It cannot be opened: why, and what to do.</exception>
    public static OfflineJournal Open(GatewayConfiguration configuration, bool writes, string? denied)
    {
        var data = configuration.Gateway.Data;
        try
        {
            // Asks for more than Directory.Exists: whether we may look.
            _ = Directory.EnumerateFileSystemEntries(data).Any();
            return Open(configuration, writes);
        }
        catch (Exception e) when (denied is not null && e is JournalException or IOException or UnauthorizedAccessException)
        {
            throw new ControlException(
                ControlProblem.Forbidden,
                $"a gateway runs, and {Environment.UserName} may not open its control socket {denied}",
                "run it with sudo, or as a member of the group to which the socket belongs");
        }
        catch (JournalLockedException e)
        {
            throw new ControlException(
                ControlProblem.Unavailable,
                $"{data} is held by process {e.Process} ({e.Name}), which does not answer on {string.Join(" nor on ", ControlSocket.Candidates(data))}",
                "ask again if it is just starting; set RUNTIME_DIRECTORY as it has it; or stop it first");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or { InnerException: UnauthorizedAccessException })
        {
            throw new ControlException(ControlProblem.Forbidden, $"{data} may not be opened by {Environment.UserName}", "run it with sudo, or as the user that runs the gateway");
        }
        catch (DirectoryNotFoundException)
        {
            throw new ControlException(ControlProblem.NotFound, $"there is no data folder {data}: no gateway has run with this configuration yet", "name its configuration with --config");
        }
        catch (JournalException e)
        {
            throw new ControlException(ControlProblem.Failed, e.Message, "nothing was changed");
        }
        catch (IOException e)
        {
            throw new ControlException(ControlProblem.Failed, e.Message, "see dmesg if the disk fails");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    private static OfflineJournal Open(GatewayConfiguration configuration, bool writes)
    {
        var options = configuration.Gateway;
        var time = TimeProvider.System;

        // Where nothing is, nothing is made either.
        var isThere = Directory.Exists(Path.Combine(options.Data, "journal"));
        IJournalFiles files = writes && isThere ? OwnedFiles.For(options.Data) : new LookOnlyFiles(new DiskFiles());
        var metrics = new StorageMetrics();
        var journal = Journal.Open(
            options.Data, new JournalOptions(), new JournalClock(new ClockTrust(options.Clock, time), time), time, metrics, NullLogger<Journal>.Instance, files);
        var gateway = options.Id ?? StoredIdentity.LastId(options.Data) ?? "unknown";
        return new OfflineJournal(journal, metrics, new LocalOutbox(
            journal.Administration,
            new OutboxSurroundings
            {
                GatewayId = gateway,
                Data = options.Data,
                Topics = new TopicMapper(configuration.Topics, options.Root, gateway),
                Bridges = configuration.Bridges.Select(b => b.Id).ToHashSet(),
                Opened = journal.Report,
            },
            time));
    }
}
