using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>What <c>solve</c> is to do.</summary>
/// <param name="Seen">What the display shows.</param>
/// <param name="Tolerance">As on the command line.</param>
/// <param name="Ranges">Where to look.</param>
/// <param name="From">Candidates of an earlier look; null: none.</param>
/// <param name="Save">Where to keep the candidates; null: nowhere.</param>
/// <param name="Limit">How many to show.</param>
/// <param name="Json">For programs.</param>
internal sealed record SolveWish(Sighting Seen, string? Tolerance, IReadOnlyList<RegisterRange> Ranges, SolveFile? From, string? Save, int Limit, bool Json);

/// <summary>Reads a device's registers and looks for what its display shows; asks for another look until one knows.</summary>
internal sealed class Solving(OpenLine line, SolveWish wish, TextWriter output, TextWriter error)
{
    private readonly RegisterAccess _access = new(line.Access, line.Unit, TimeProvider.System);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var seen = wish.Seen;
        var (image, isComplete) = await SurveyAsync(wish.From is null ? wish.Ranges : RangesOf(wish.From.Candidates), cancellation).ConfigureAwait(false);
        if (image.Count == 0)
        {
            return ExitCode.Failed;
        }

        var candidates = wish.From is { } kept ? ValueSolver.Narrow(kept.Candidates, kept.Seen, image, seen) : ValueSolver.Find(image, seen);
        Tell(candidates, seen, image.Count, isComplete);
        while (!wish.Json && wish.Save is null && candidates.Count > 1 && Prompt.IsPossible && LiveScreen.IsPossible(output))
        {
            var text = await Prompt.AskAsync("When the display shows something else, type it here (Enter alone ends):", error, cancellation).ConfigureAwait(false);
            if (string.IsNullOrEmpty(text))
            {
                break;
            }

            if (Sighting.TryParse(text, wish.Tolerance, out var next) is { } problem)
            {
                error.WriteLine(problem);
                continue;
            }

            (image, isComplete) = await SurveyAsync(RangesOf(candidates), cancellation).ConfigureAwait(false);
            var left = ValueSolver.Narrow(candidates, seen.Value, image, next!);
            Tell(left, next!, image.Count, isComplete);
            if (left.Count > 0)
            {
                (candidates, seen) = (left, next!);
            }
        }

        if (wish.Save is { } path)
        {
            new SolveFile(line.Unit, seen.Value, candidates).Write(path);
        }

        return candidates.Count > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The registers of candidates, near ones in one piece.</summary>
    internal static IReadOnlyList<RegisterRange> RangesOf(IEnumerable<Candidate> candidates)
    {
        var ranges = new List<RegisterRange>();
        foreach (var range in candidates.Select(static c => c.Range).Distinct().OrderBy(static r => r.Space).ThenBy(static r => r.Address).ThenBy(static r => r.End))
        {
            if (ranges.Count > 0 && ranges[^1] is var last && last.Space == range.Space && range.Address <= last.End)
            {
                ranges[^1] = last with { Count = Math.Max(last.End, range.End) - last.Address };
            }
            else
            {
                ranges.Add(range);
            }
        }

        return ranges;
    }

    private async Task<(RegisterImage Image, bool IsComplete)> SurveyAsync(IReadOnlyList<RegisterRange> ranges, CancellationToken cancellation)
    {
        var image = new RegisterImage();
        var survey = new RegisterSurvey(_access, line.Limit);
        using var progress = new ProgressLine(error, ranges.Sum(static r => r.Count));
        var isComplete = await survey.ReadAsync(ranges, image, done => progress.Show(done, $"{line.Heading}: read {done} of {progress.All} registers"), cancellation).ConfigureAwait(false);
        progress.Dispose();
        foreach (var problem in survey.Problems.Distinct())
        {
            error.WriteLine($"edge-gateway: {line.Heading}: {problem}");
        }

        if (image.Count == 0 && isComplete)
        {
            error.WriteLine($"edge-gateway: {line.Heading}: there is nothing in {string.Join(", ", ranges)}; name another --range, or another --unit");
        }

        return (image, isComplete);
    }

    private void Tell(IReadOnlyList<Candidate> candidates, Sighting seen, int registers, bool isComplete)
    {
        var folded = ValueSolver.Fold(candidates);
        if (wish.Json)
        {
            var document = RegisterJson.Head(line);
            document["value"] = seen.Value;
            document["tolerance"] = seen.Tolerance;
            document["registers"] = registers;
            document["complete"] = isComplete;
            document["candidates"] = new JsonArray([.. folded.Take(wish.Limit).Select(static c => (JsonNode)SolveText.Json(c))]);
            output.WriteLine(JsonOutput.Of(document));
            return;
        }

        var tolerance = seen.Tolerance.ToString("0.######", CultureInfo.InvariantCulture);
        output.WriteLine($"{line.Heading}: {registers} registers");
        if (folded.Count == 0)
        {
            error.WriteLine($"edge-gateway: nothing fits {seen.Value} within {tolerance}; allow more with --tolerance 2%, look elsewhere with --range, or wait until it stands still");
            return;
        }

        output.WriteLine($"{seen.Value} ± {tolerance} may be:");
        foreach (var text in SolveText.Table(folded, wish.Limit))
        {
            output.WriteLine(text);
        }

        output.WriteLine(folded.Count == 1 ? "to paste:" : "the first of them, to paste:");
        output.WriteLine($"  {SolveText.Yaml(folded[0])}");
        if (folded.Count > 1 && wish.Save is { } path)
        {
            output.WriteLine($"when the display shows something else: edge-gateway solve … --value THAT --from {path} --save {path}");
        }
    }
}
