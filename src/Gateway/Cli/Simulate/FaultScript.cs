using Gateway.Adapters.Modbus;
using Gateway.Simulators;

namespace Gateway.Cli;

/// <summary>What is to go wrong in a simulation.</summary>
/// <param name="Rules">In the order in which they count.</param>
internal sealed record FaultScript(IReadOnlyList<ScriptedFault> Rules)
{
    public static FaultScript None { get; } = new([]);

    /// <summary>Words of the command line: everywhere, at all times.</summary>
    public static FaultScript Of(IReadOnlyList<FaultWord> words, double share) => words.Count == 0 ? None : new([new(null, words, new([]) { Share = share })]);

    /// <summary>The rules of one link, each with what can happen on it.</summary>
    public IReadOnlyList<FaultRule> For(ModbusLinkOptions link) =>
    [
        .. Rules.Where(r => r.Link is null || r.Link == link.Id)
            .Select(r => r.Rule with { Faults = [.. r.Words.Where(w => w.CanHappenOn(link)).Select(r.Made)] })
            .Where(static r => r.Faults.Count > 0),
    ];
}

/// <param name="Link">Id of the link; null: all.</param>
/// <param name="Words">Ways to go wrong.</param>
/// <param name="Rule">When, how often and with whom; its faults are made for each link.</param>
/// <param name="Delay">Instead of the usual one of late and dribbling answers; null: the usual one.</param>
/// <param name="Code">Instead of exception 4; null: that.</param>
internal sealed record ScriptedFault(string? Link, IReadOnlyList<FaultWord> Words, FaultRule Rule, TimeSpan? Delay = null, ExceptionCode? Code = null)
{
    public Fault Made(FaultWord word) => word.Fault with
    {
        Delay = word.Fault.Delay > TimeSpan.Zero ? Delay ?? word.Fault.Delay : default,
        Exception = word.Fault.Exception == ExceptionCode.ServerDeviceFailure ? Code ?? word.Fault.Exception : word.Fault.Exception,
    };
}
