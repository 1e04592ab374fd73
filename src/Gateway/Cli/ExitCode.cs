namespace Gateway.Cli;

/// <summary>What the process ends with.</summary>
public static class ExitCode
{
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>An unknown option or a missing argument.</summary>
    public const int WrongUsage = 2;

    /// <summary>sysexits' EX_CONFIG; the unit does not restart on it (RestartPreventExitStatus).</summary>
    public const int BadConfiguration = 78;
}
