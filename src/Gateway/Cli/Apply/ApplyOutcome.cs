using System.Text.Json.Nodes;
using Gateway.Applying;

namespace Gateway.Cli;

/// <summary>What became of an apply, for programs: one document at its end.</summary>
internal sealed class ApplyOutcome
{
    /// <summary>It runs, and stays.</summary>
    public const string Kept = "kept";

    /// <summary>It went worse, or was interrupted: what ran before runs again.</summary>
    public const string RolledBack = "rolled-back";

    /// <summary>No gateway runs: it counts from the next start.</summary>
    public const string Written = "written";

    /// <summary>Only what would change was asked for.</summary>
    public const string DryRun = "dry-run";

    /// <summary>It is broken, or a running gateway cannot take it over.</summary>
    public const string Refused = "refused";

    /// <summary>It changes what only a restart can change.</summary>
    public const string NeedsRestart = "needs-restart";

    /// <summary>Nobody said yes, or nobody could be asked, or the answer broke off.</summary>
    public const string Failed = "failed";

    public string Result { get; set; } = Failed;

    /// <summary>Why; null: the result says it all.</summary>
    public string? Reason { get; set; }

    /// <summary>What is wrong with the file, line by line.</summary>
    public IReadOnlyList<string> Problems { get; set; } = [];

    public ConfigurationDifference? Difference { get; set; }

    /// <summary>What was well and is not.</summary>
    public IReadOnlyList<HealthFault> Worse { get; set; } = [];

    /// <summary>What is not well, and was not well before or is new.</summary>
    public IReadOnlyList<HealthFault> NotWell { get; set; } = [];

    public string ToJson() => JsonOutput.Of(new JsonObject
    {
        ["result"] = Result,
        ["reason"] = Reason,
        ["problems"] = Texts(Problems),
        ["changes"] = Texts(Difference?.Changes ?? []),
        ["effects"] = Texts(Difference?.Effects ?? []),
        ["needs-restart"] = Texts(Difference?.NeedsRestart ?? []),
        ["worse"] = Faults(Worse),
        ["not-well"] = Faults(NotWell),
    });

    private static JsonArray Texts(IReadOnlyList<string> lines) => new([.. lines.Select(static l => (JsonNode?)l)]);

    private static JsonArray Faults(IReadOnlyList<HealthFault> faults) =>
        new([.. faults.Select(static f => (JsonNode?)new JsonObject { ["what"] = f.What, ["why"] = f.Why, ["remedy"] = f.Remedy })]);
}
