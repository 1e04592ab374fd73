namespace Gateway.Verification;

/// <summary>What an audit comes to.</summary>
internal enum AuditVerdict : byte
{
    /// <summary>Nothing is missing, nothing in conflict.</summary>
    Complete,

    /// <summary>Numbers are missing.</summary>
    Missing,

    /// <summary>Two messages carry one identity.</summary>
    Conflict,

    /// <summary>Nothing is missing so far; some numbers are still in a gateway, and it was asked to wait for them.</summary>
    Open,

    /// <summary>There was more than is followed: nobody can tell.</summary>
    TooMuch,

    /// <summary>Neither an identity nor a ledger came: nothing is proven.</summary>
    Nothing,
}

/// <summary>An audit at its end, and how it went.</summary>
/// <param name="Audit">What was seen.</param>
/// <param name="WantsAll">What is still open fails it.</param>
/// <param name="Duration">How long it listened; null: it read lines.</param>
/// <param name="Losses">How often its own line was lost.</param>
/// <param name="Interruptions">How often the broker had forgotten it by then.</param>
/// <param name="BadLines">Lines that are no message.</param>
internal sealed record AuditResult(IdentityAudit Audit, bool WantsAll, TimeSpan? Duration = null, int Losses = 0, int Interruptions = 0, long BadLines = 0)
{
    public AuditVerdict Verdict =>
        Audit.Conflicts > 0 ? AuditVerdict.Conflict
        : Audit.Missing > 0 ? AuditVerdict.Missing
        : Audit.NotFollowed > 0 ? AuditVerdict.TooMuch
        : !Audit.Streams.Any(static s => s.Value.Received > 0 || s.Value.HasLiveLedger) ? AuditVerdict.Nothing
        : WantsAll && !Audit.IsSettled ? AuditVerdict.Open
        : AuditVerdict.Complete;
}
