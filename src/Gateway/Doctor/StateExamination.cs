using System.Runtime.CompilerServices;
using Gateway.Hosting;
using Gateway.Identity;
using Gateway.Storage;

namespace Gateway.Doctor;

/// <summary>What adapters keep in the data folder: counters of encrypted devices, airtime. There, and whole.</summary>
internal sealed class StateExamination(string data) : IExamination
{
    private const string Part = "states";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var kept = Named();
        var folder = Path.Combine(data, KeptStates.Folder);
        var isWell = true;
        foreach (var name in kept)
        {
            var file = KeptFile.Open(new DiskFiles(), Path.Combine(folder, name), 0);
            if (file.Finding != KeptFinding.Whole)
            {
                isWell = false;
                yield return new Finding(
                    Part, Severity.Warning, $"{Path.Combine(folder, name)} {(file.Finding == KeptFinding.None ? "is missing" : $"cannot be used: {file.Problem}")}",
                    "restart the gateway: it goes on with what is safe, and an alert says what that is; dmesg says whether the disk fails");
            }
        }

        if (kept.Count > 0 && isWell)
        {
            yield return Finding.Good(Part, $"{string.Join(" and ", kept)} are kept in {folder}");
        }
    }

    /// <summary>Those that were made.</summary>
    private IReadOnlyList<string> Named()
    {
        try
        {
            return StoredIdentity.Read(data)?.Keeps ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk's or the gateway's own finding.
            return [];
        }
    }
}
