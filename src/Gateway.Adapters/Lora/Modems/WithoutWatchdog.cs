namespace Gateway.Adapters.Lora;

/// <summary>A make whose modem is not asked whether it is still there.</summary>
internal sealed class WithoutWatchdog(IModemDialect dialect) : IModemDialect
{
    public ModemFramer CreateFramer() => dialect.CreateFramer();

    public IReadOnlyList<ModemCommand> Initialise => dialect.Initialise;

    public IReadOnlyList<ModemCommand> Arm => dialect.Arm;

    public bool DisarmsItself => dialect.DisarmsItself;

    public IReadOnlyList<SignalQuery> SignalQueries => dialect.SignalQueries;

    public IReadOnlyList<ModemCommand> Watchdog => [];

    public ModemNotice Notice(string line) => dialect.Notice(line);

    public IReadOnlyList<ModemCommand> Send(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime) => dialect.Send(payload, to, airtime);

    public bool DisarmsBySending => dialect.DisarmsBySending;

    public int LongestPayload => dialect.LongestPayload;
}
