using System.Runtime.CompilerServices;
using Gateway.Storage;

namespace Gateway.OutboxControl;

/// <summary>Verifies the journal: every file, then everything that waits in every stream. What is damaged is put aside and told as gaps, unless it only looks.</summary>
internal sealed class OutboxRepair(OutboxAdministration administration, OutboxSurroundings surroundings, bool check)
{
    private readonly string _quarantine = Path.Combine(surroundings.Data, "quarantine");

    /// <summary>What opening the journal found counts: it was found by this command.</summary>
    private bool _damaged = surroundings.Opened is { Quarantined.Count: > 0 };
    private ulong _lost = surroundings.Opened?.Lost ?? 0;

    public async IAsyncEnumerable<RepairLine> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var fresh = surroundings.Opened?.Quarantined ?? [];
        var known = Copies().Select(c => c.Name).Except(fresh.Select(f => f.Name)).ToHashSet(StringComparer.Ordinal);
        await foreach (var finding in administration.InspectFilesAsync(cancellation).ConfigureAwait(false))
        {
            yield return new RepairLine { File = await FileAsync(finding, known.Contains(finding.Name)).ConfigureAwait(false) };
        }

        foreach (var stream in administration.Streams)
        {
            if (administration.Inspect(stream.Id, repair: !check, cancellation) is { } finding)
            {
                yield return new RepairLine { Stream = Stream(finding) };
            }
        }

        if (_damaged && !check)
        {
            await administration.CommitAsync().ConfigureAwait(false);
            surroundings.Alert(
                "quarantine", $"the journal was verified: damaged files were put aside in {_quarantine}; {_lost} messages are lost and told as gaps", "check the card (dmesg), and replace it");
        }

        foreach (var copy in Copies())
        {
            yield return new RepairLine { Quarantined = copy with { Reason = fresh.FirstOrDefault(f => f.Name == copy.Name && f.Folder == copy.Folder)?.Reason } };
        }

        yield return new RepairLine { Result = new RepairResult(_damaged, _lost, check) };
    }

    private async Task<RepairedFile> FileAsync(FileFinding finding, bool known)
    {
        if (finding.Damaged.Count > 0 && !known)
        {
            _damaged = true;
            if (!check)
            {
                await administration.KeepAsync(finding).ConfigureAwait(false);
            }
        }

        return new RepairedFile(
            finding.Name, finding.Bytes, finding.Commits, finding.Entries, [.. finding.Damaged.Select(d => new RepairedPart(d.Offset, d.Length, d.What))], known);
    }

    private RepairedStream Stream(StreamFinding finding)
    {
        _damaged |= finding.Lost.Count > 0;
        _lost += finding.Lost.Aggregate(0UL, static (sum, range) => sum + range.Count);
        return new RepairedStream(finding.Stream.ToString(), finding.Readable, [.. finding.Lost.Select(l => new LineRange(l.From, l.To))]);
    }

    private IReadOnlyList<QuarantinedCopy> Copies() => !Directory.Exists(_quarantine) ? [] :
    [
        .. new DirectoryInfo(_quarantine).EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderBy(f => f.FullName, StringComparer.Ordinal).Select(f => new QuarantinedCopy(f.DirectoryName!, f.Name, f.Length, null)),
    ];
}
